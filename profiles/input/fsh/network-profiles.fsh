// What a network publishes: one profile a resource type. Parents are base R4 (resolvable offline); the French and IHE
// profiles each one is written after stand in its description (docs/decisions/0006-profiles.md).

Profile: NetworkOrganization
Parent: Organization
Id: pas-network-organization
Title: "Réseau de soins"
Description: "A care network as an Organization. After fr-core-organization (FR Core) and IHE.mCSD.Organization."
* insert DirectoryResource
* insert IdentifierBySystem
* insert Mailboxes
* insert RegionTag
* insert NetworkIdentifier(1, 1)
* insert NationalStructureIdentifiers
* extension contains NetworkTerritory named territory 0..* and ConstitutionStage named stage 0..* and Agreement named agreement 0..* and ArsLabel named label 0..* and MembershipList named membershipList 0..1 and OwnDiscipline named ownDiscipline 0..* and PartnerDiscipline named partnerDiscipline 0..* and NetworkDescription named description 0..1 and SpecialistShare named share 0..* and DirectoryProvenance named provenance 0..1
* active 1..1
* name 1..1
* type 2..*
* insert SlicedByCodeSystem(type)
* type contains structure 1..1 and network 1..1 and category 0..1 and categoryR397 0..1 and form 0..1 and mcsd 0..1
* type[structure] = $frOrgType#GROUP
* insert CodedSlice(type, structure, https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-3307, StructureTypes)
* insert CodedSlice(type, network, https://passerelle.example/fhir/CodeSystem/network-type, NetworkTypes)
* insert CodedSlice(type, category, https://mos.esante.gouv.fr/NOS/TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement, StructureCategories)
* insert CodedSlice(type, categoryR397, https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r397-categorie-entite-geographique-exercice, StructureCategoriesR397)
* insert CodedSlice(type, form, https://passerelle.example/fhir/CodeSystem/legal-form, LegalForms)
* insert CodedSlice(type, mcsd, https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types, OrganizationLocationTypes)

Profile: Establishment
Parent: Organization
Id: pas-establishment
Title: "Établissement ou structure"
Description: "A legal entity, a site or a practice. After fr-core-organization-etablissement (FR Core 2.2), as-organization (Annuaire Santé) and IHE.mCSD.Organization."
* insert DirectoryResource
* insert IdentifierBySystem
* insert Mailboxes
* insert NetworkIdentifier(0, *)
* insert NationalStructureIdentifiers
* extension contains Agreement named agreement 0..* and DirectoryProvenance named provenance 0..1
* active 1..1
* name 1..1
* type 1..*
* insert SlicedByCodeSystem(type)
* type contains structure 0..1 and category 0..1 and categoryR397 0..1 and sector 0..1 and actor 0..1 and mcsd 0..1
* insert CodedSlice(type, structure, https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-3307, StructureTypes)
* insert CodedSlice(type, category, https://mos.esante.gouv.fr/NOS/TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement, StructureCategories)
* insert CodedSlice(type, categoryR397, https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r397-categorie-entite-geographique-exercice, StructureCategoriesR397)
* insert CodedSlice(type, sector, https://mos.esante.gouv.fr/NOS/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite, StructureSectors)
* insert CodedSlice(type, actor, https://passerelle.example/fhir/CodeSystem/actor-type, ActorTypes)
* insert CodedSlice(type, mcsd, https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types, OrganizationLocationTypes)

Profile: NetworkPractitioner
Parent: Practitioner
Id: pas-practitioner
Title: "Professionnel"
Description: "A professional as a directory shows them: no birth date, sex or private address. After fr-core-practitioner, as-dp-practitioner (Annuaire Santé, public data) and IHE.mCSD.Practitioner."
* insert DirectoryResource
* insert IdentifierBySystem
* insert NetworkIdentifier(0, *)
* identifier contains idNatPs 0..1 and rpps 0..1
* identifier[idNatPs].system = $idNatPs (exactly)
* identifier[idNatPs].type = $frIdType#IDNPS
* identifier[idNatPs].type from IdentifierTypes (required)
* identifier[rpps].system = $rpps (exactly)
* identifier[rpps].type = $frIdType#RPPS
* identifier[rpps].type from IdentifierTypes (required)
* identifier[rpps].value obeys pas-rpps-form
* extension contains DirectoryProvenance named provenance 0..1
* active 1..1
* name 1..*
* name.family 1..1
* gender 0..0
* birthDate 0..0
* address 0..0
* photo 0..0
* qualification.code from Qualifications (required)

Profile: NetworkPractitionerRole
Parent: PractitionerRole
Id: pas-practitioner-role
Title: "Professionnel dans un réseau ou une structure"
Description: "A person's place in a network: owned by the network, not taken from a directory. After fr-core-practitioner-role, as-dp-practitionerrole and IHE.mCSD.PractitionerRole."
* insert DirectoryResource
* insert IdentifierBySystem
* insert Mailboxes
* insert NetworkIdentifier(0, 1)
* identifier contains rpps 0..1
* identifier[rpps] ^short = "Situation d'exercice (RPPS)"
* identifier[rpps].system = $rpps (exactly)
* extension contains Workplace named workplace 0..1 and NewPatients named newPatients 0..1 and DirectoryProvenance named provenance 0..1
* active 1..1
* organization 1..1
* code 1..*
* code from RoleCodes (required)
* specialty from Specialties (required)

Profile: NetworkAffiliation
Parent: OrganizationAffiliation
Id: pas-affiliation
Title: "Adhésion ou convention"
Description: "An establishment's place in a network, while it holds. After IHE.mCSD.OrganizationAffiliation: network is never used (MCSD-07, MCSD-09)."
* insert DirectoryResource
* insert IdentifierBySystem
* insert RegionTag
* insert NetworkIdentifier(1, 1)
* extension contains Agreement named agreement 0..* and CareAuthorisation named authorisation 0..* and MembershipRequest named request 0..1
* active 1..1
* organization 1..1
* participatingOrganization 1..1
* network 0..0
* code 1..*
* code from AffiliationRoles (required)

Profile: CareOffer
Parent: HealthcareService
Id: pas-care-offer
Title: "Offre de soins"
Description: "A service a network offers through one structure. After ror-healthcareservice (ROR) and IHE.mCSD.HealthcareService."
* insert DirectoryResource
* insert IdentifierBySystem
* insert RegionTag
* insert NetworkIdentifier(1, 1)
* extension contains ValidityPeriod named period 0..1 and OfferTeam named team 0..* and DirectoryProvenance named provenance 0..1
* active 1..1
* providedBy 1..1
* name 1..1
* category from OfferCategories (required)
* type 1..*
* insert SlicedByCodeSystem(type)
* type contains field 0..* and mission 0..*
* insert CodedSlice(type, field, https://mos.esante.gouv.fr/NOS/TRE_R227-ChampActivite/FHIR/TRE-R227-ChampActivite, OfferFields)
* insert CodedSlice(type, mission, https://passerelle.example/fhir/CodeSystem/mission, Missions)
* insert SlicedByCodeSystem(specialty)
* specialty contains activity 0..* and localActivity 0..* and ordinal 0..* and discipline 0..*
* insert CodedSlice(specialty, activity, https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle, OfferActivities)
* insert CodedSlice(specialty, localActivity, https://passerelle.example/fhir/CodeSystem/offer-activity-local, LocalOfferActivities)
* insert CodedSlice(specialty, ordinal, https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale, Specialties)
* insert CodedSlice(specialty, discipline, https://passerelle.example/fhir/CodeSystem/discipline, Disciplines)
* eligibility.code from Eligibilities (required)
* insert SlicedByCodeSystem(characteristic)
* characteristic contains expertise 0..* and equipment 0..* and partnerDiscipline 0..* and missionStatus 0..1
* insert CodedSlice(characteristic, expertise, https://mos.esante.gouv.fr/NOS/TRE_R344-NiveauExpertise/FHIR/TRE-R344-NiveauExpertise, ExpertiseLevels)
* insert CodedSlice(characteristic, equipment, https://passerelle.example/fhir/CodeSystem/equipment, EquipmentItems)
* insert CodedSlice(characteristic, partnerDiscipline, https://passerelle.example/fhir/CodeSystem/partner-discipline, PartnerDisciplines)
* insert CodedSlice(characteristic, missionStatus, https://passerelle.example/fhir/CodeSystem/mission-status, MissionStatuses)

Profile: Territory
Parent: Location
Id: pas-territory
Title: "Territoire"
Description: "The territory of a network: a jurisdiction, its communes by INSEE code where the network names them. After IHE.mCSD.JurisdictionLocation (MCSD-08)."
* insert DirectoryResource
* insert IdentifierBySystem
* insert RegionTag
* insert NetworkIdentifier(1, 1)
* extension contains Communes named commune 0..* and Population named population 0..1
* status 1..1
* name 1..1
* type 1..*
* insert SlicedByCodeSystem(type)
* type contains mcsd 1..1 and kind 0..1
* insert CodedSlice(type, mcsd, https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types, OrganizationLocationTypes)
* type[mcsd].coding.code = #jurisdiction (exactly)
* insert CodedSlice(type, kind, https://passerelle.example/fhir/CodeSystem/territory-type, TerritoryTypes)
* managingOrganization 1..1

Profile: NetworkTeam
Parent: CareTeam
Id: pas-network-team
Title: "Équipe du réseau"
Description: "A standing team without a patient: the roster of an RCP, the team of a pathway. cds-ihe-careteam (Cercle de soins) demands a patient, so it is no parent."
* insert DirectoryResource
* insert IdentifierBySystem
* insert NetworkIdentifier(1, 1)
* status 1..1
* extension contains TeamQuorum named quorum 0..* and TeamSession named session 0..* and TeamCriterion named criterion 0..*
* category 1..*
* category from TeamCategories (required)
* name 1..1
* subject 0..0
* encounter 0..0
* managingOrganization 1..*
* participant.role from TeamRoles (required)
* participant.onBehalfOf 0..0

Profile: Protocol
Parent: PlanDefinition
Id: pas-protocol
Title: "Protocole de parcours"
Description: "The pathway of a network: flat steps that name what they are and what they follow. No French parent exists."
* insert DirectoryResource
* url 1..1
* insert IdentifierBySystem
* insert NetworkIdentifier(1, 1)
* title 1..1
* extension contains PathwayExit named exit 0..* and PathwayDelay named delay 0..*
* action 1..*
* action.id 1..1
* action.title 1..1
* action.extension contains StepDecision named decision 0..1
* action.code from DocumentTypes (required)
* action.code ^short = "Type of the document this step yields, when it yields one"
* action.definition[x] 1..1
* action.definition[x] only canonical
* action.input ^short = "Documents that the patient's file holds before the step: type DocumentReference, filtered by its type"
* action.relatedAction.relationship = #after-end (exactly)
* action.relatedAction.offset[x] only Range
* action.relatedAction.offset[x] ^short = "Days from the end of the step named: not before low, not later than high"
* action.timing[x] only Duration
* action.timing[x] ^short = "Days from the acceptance of the referral within which the step is due"
* action.action 0..0
* obeys pas-protocol-order

Invariant: pas-protocol-order
Description: "A step follows steps of the same protocol."
Severity: #error
Expression: "action.relatedAction.actionId.all($this in %resource.action.id)"

Profile: ProtocolActivity
Parent: ActivityDefinition
Id: pas-protocol-activity
Title: "Activité d'un protocole"
Description: "One step of a protocol: an order to place or a document to write. No French parent exists."
* insert DirectoryResource
* url 1..1
* insert IdentifierBySystem
* insert NetworkIdentifier(1, 1)
* title 1..1
* kind 1..1
* kind from ProtocolActivityKinds (required)
* code 1..1
* code from CareActivities (required)
* extension contains StepRecipient named recipient 0..* and StepTeam named team 0..1
* participant.type = #practitioner
* participant.role 1..1
* participant.role from TeamRoles (required)
* participant.extension contains StepPerformer named performer 0..1
* timing[x] only Timing
* timing[x] ^short = "How often the step takes place: repeat.count"
* participant ^short = "Who performs the step: at least as many take part in it"
