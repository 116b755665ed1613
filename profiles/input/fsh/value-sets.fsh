// Closed value sets: what a profile of ours may bind as required. Local ones hold their whole code system;
// French ones hold what is shipped of it (french-code-systems.fsh); international ones name their codes one by one.

RuleSet: Closed
* ^status = #active
* ^experimental = false
* ^immutable = false

RuleSet: ClosedOf(title, system)
* insert Closed
* ^description = "{title}: all codes shipped of {system}."
* include codes from system {system}

ValueSet: NetworkTypes
Id: network-type
Title: "Type de réseau"
* insert ClosedOf([[Type de réseau]], https://passerelle.example/fhir/CodeSystem/network-type)

ValueSet: AffiliationRoles
Id: affiliation-role
Title: "Rôle dans le réseau"
* insert ClosedOf([[Rôle dans le réseau]], https://passerelle.example/fhir/CodeSystem/affiliation-role)

ValueSet: ConstitutionStages
Id: constitution-stage
Title: "Étape de constitution"
* insert ClosedOf([[Étape de constitution]], https://passerelle.example/fhir/CodeSystem/constitution-stage)

ValueSet: Missions
Id: mission
Title: "Mission"
* insert ClosedOf([[Mission]], https://passerelle.example/fhir/CodeSystem/mission)

ValueSet: MissionStatuses
Id: mission-status
Title: "État d'une mission"
* insert ClosedOf([[État d'une mission]], https://passerelle.example/fhir/CodeSystem/mission-status)

ValueSet: TeamCategories
Id: team-category
Title: "Catégorie d'équipe"
* insert ClosedOf([[Catégorie d'équipe]], https://passerelle.example/fhir/CodeSystem/team-category)

ValueSet: ReferralCategories
Id: referral-category
Title: "Catégorie de demande"
* insert ClosedOf([[Catégorie de demande]], https://passerelle.example/fhir/CodeSystem/referral-category)

ValueSet: ReferralReasons
Id: referral-reason
Title: "Objet de l'adressage"
* insert ClosedOf([[Objet de l'adressage]], https://passerelle.example/fhir/CodeSystem/referral-reason)

ValueSet: CareActivities
Id: care-activity
Title: "Activité d'un protocole"
* insert ClosedOf([[Activité d'un protocole]], https://passerelle.example/fhir/CodeSystem/care-activity)

ValueSet: CarePlanCategories
Id: care-plan-category
Title: "Catégorie de parcours"
* insert ClosedOf([[Catégorie de parcours]], https://passerelle.example/fhir/CodeSystem/care-plan-category)

ValueSet: TaskInputs
Id: task-input
Title: "Donnée d'une tâche"
* insert ClosedOf([[Donnée d'une tâche]], https://passerelle.example/fhir/CodeSystem/task-input)

ValueSet: TaskPurposes
Id: task-purpose
Title: "Objet d'une tâche"
* insert ClosedOf([[Objet d'une tâche]], https://passerelle.example/fhir/CodeSystem/task-purpose)

ValueSet: ReferralStatuses
Id: referral-status
Title: "Avancement métier d'un adressage"
* insert ClosedOf([[Avancement métier d'un adressage]], https://passerelle.example/fhir/CodeSystem/referral-status)

ValueSet: StructureSectors
Id: structure-sector
Title: "Secteur d'activité"
* insert ClosedOf([[Secteur d'activité]], $R02)

ValueSet: StructureCategories
Id: structure-category
Title: "Catégorie d'établissement"
* insert ClosedOf([[Catégorie d'établissement]], $R66)

ValueSet: StructureTypes
Id: structure-type
Title: "Type d'organisation"
* insert ClosedOf([[Type d'organisation]], $frOrgType)

ValueSet: Specialties
Id: specialty
Title: "Spécialité ordinale"
* insert ClosedOf([[Spécialité ordinale]], $R38)

ValueSet: Professions
Id: profession
Title: "Profession de santé"
* insert ClosedOf([[Profession de santé]], $G15)

ValueSet: OfferFields
Id: offer-field
Title: "Champ d'activité"
* insert ClosedOf([[Champ d'activité]], $R227)

ValueSet: OfferCategories
Id: offer-category
Title: "Catégorie d'organisation"
* insert ClosedOf([[Catégorie d'organisation]], $R244)

ValueSet: OfferActivities
Id: offer-activity
Title: "Activité opérationnelle"
* insert ClosedOf([[Activité opérationnelle]], $R211)

ValueSet: ExpertiseLevels
Id: expertise-level
Title: "Niveau d'expertise"
* insert ClosedOf([[Niveau d'expertise]], $R344)

ValueSet: IdentityStatuses
Id: identity-status
Title: "Statut de l'identité"
* insert ClosedOf([[Statut de l'identité]], $frIdentityStatus)

ValueSet: DocumentClasses
Id: document-class
Title: "Classe de document"
* insert ClosedOf([[Classe de document]], $A03)

ValueSet: AgreementTypes
Id: agreement-type
Title: "Type d'engagement"
Description: "Engagement: TRE_R395 where it has a code, ours where it has none."
* insert Closed
* include codes from system $R395
* include codes from system https://passerelle.example/fhir/CodeSystem/agreement-type

ValueSet: RoleCodes
Id: role
Title: "Rôle d'un professionnel"
Description: "Rôle d'un professionnel: profession, title or role in care; mCSD asks for one at least."
* insert Closed
* include codes from system $G15
* include codes from system $R95
* include codes from system $R85
* include codes from system $R258
* include codes from system $R259

ValueSet: TeamRoles
Id: team-role
Title: "Rôle dans une équipe"
Description: "Rôle dans une équipe: profession, title, specialty, discipline or role in care."
* insert Closed
* include codes from system https://passerelle.example/fhir/CodeSystem/discipline
* include codes from system $G15
* include codes from system $R95
* include codes from system $R38
* include codes from system $R85
* include codes from system $R258
* include codes from system $R259

ValueSet: Qualifications
Id: qualification
Title: "Qualification d'un professionnel"
Description: "Qualification d'un professionnel: profession, title or specialty."
* insert Closed
* include codes from system $G15
* include codes from system $R95
* include codes from system $R38

ValueSet: IdentifierTypes
Id: identifier-type
Title: "Nature d'un numéro national"
Description: "Nature d'un numéro national: what FR Core calls the numbers of people and structures that networks and directories give."
* insert Closed
* $frIdType#IDNST
* $frIdType#FINEJ
* $frIdType#FINEG
* $frIdType#SIREN
* $frIdType#SIRET
* $frIdType#IDNPS
* $frIdType#RPPS

ValueSet: FinessTypes
Id: finess-type
Title: "Nature d'un numéro FINESS"
Description: "Nature d'un numéro FINESS: legal and geographic numbers share one identifier system, so only the type tells them apart."
* insert Closed
* $frIdType#FINEJ
* $frIdType#FINEG

ValueSet: SireneTypes
Id: sirene-type
Title: "Nature d'un numéro SIRENE"
Description: "Nature d'un numéro SIRENE: SIREN and SIRET share one identifier system, so only the type tells them apart."
* insert Closed
* $frIdType#SIREN
* $frIdType#SIRET

ValueSet: OrganizationLocationTypes
Id: organization-location-type
Title: "Rôle géographique (mCSD)"
Description: "Rôle géographique (mCSD): facility or jurisdiction (MCSD-08)."
* insert Closed
* $mcsdType#facility
* $mcsdType#jurisdiction

ValueSet: DocumentTypes
Id: document-type
Title: "Type de document"
Description: "Type de document: codes of JDV_J07 that this product exchanges. This material contains content from LOINC (http://loinc.org), copyright Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* insert Closed
* $loinc#96349-6
* $loinc#34794-8
* $loinc#11488-4
* $loinc#11506-3
* $loinc#34133-9
* $loinc#68599-0
* $loinc#60591-5
* $loinc#18776-5
* $loinc#77604-7
* $loinc#80788-3
* $loinc#83869-8
* $loinc#11490-0
* $loinc#18761-7
* $loinc#75496-0
* $loinc#85208-7
* $loinc#59284-0
* $loinc#47420-5
* $loinc#83901-9
* $loinc#34120-6
* $loinc#56446-8
* $A05#SYNTH

ValueSet: ReferralDocumentTypes
Id: referral-document-type
Title: "Document joint à une demande"
Description: "Document joint à une demande: codes of JDV_J07 that a referral may carry. This material contains content from LOINC (http://loinc.org), copyright Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* insert Closed
* $loinc#96349-6
* $loinc#60591-5
* $loinc#75496-0
* $loinc#11490-0
* $loinc#18761-7
* $loinc#34133-9
* $loinc#83901-9
* $loinc#47420-5

ValueSet: EncounterClasses
Id: encounter-class
Title: "Classe de rencontre"
Description: "Classe de rencontre: at a practice, at home, in hospital, at a distance."
* insert Closed
* http://terminology.hl7.org/CodeSystem/v3-ActCode#AMB
* http://terminology.hl7.org/CodeSystem/v3-ActCode#HH
* http://terminology.hl7.org/CodeSystem/v3-ActCode#IMP
* http://terminology.hl7.org/CodeSystem/v3-ActCode#VR

ValueSet: ProtocolActivityKinds
Id: protocol-activity-kind
Title: "Ressource produite par une activité"
Description: "Ressource produite par une activité: a consultation becomes a ServiceRequest, a document to write becomes a detail of the care plan."
* insert Closed
* $requestTypes#ServiceRequest
* $requestTypes#Task

ValueSet: ConsentCategories
Id: consent-category
Title: "Nature de l'accord"
Description: "Nature de l'accord: a signed attestation (LOINC 59284-0) or one of ours."
* insert Closed
* include codes from system https://passerelle.example/fhir/CodeSystem/consent-category
* $loinc#59284-0

ValueSet: AdministrativeGenders
Id: identity-gender
Title: "Sexe de l'identité INS"
Description: "Sexe de l'identité INS: FR Core leaves out 'other'."
* insert Closed
* http://hl7.org/fhir/administrative-gender#male
* http://hl7.org/fhir/administrative-gender#female
* http://hl7.org/fhir/administrative-gender#unknown

ValueSet: Disciplines
Id: discipline
Title: "Discipline"
* insert ClosedOf([[Discipline]], https://passerelle.example/fhir/CodeSystem/discipline)

ValueSet: Audiences
Id: audience
Title: "Public accueilli"
* insert ClosedOf([[Public accueilli]], https://passerelle.example/fhir/CodeSystem/audience)

ValueSet: Eligibilities
Id: eligibility
Title: "Condition d'accès à une offre"
Description: "Condition d'accès à une offre: whom it takes, and who may enter its pathway."
* insert Closed
* include codes from system https://passerelle.example/fhir/CodeSystem/audience
* include codes from system https://passerelle.example/fhir/CodeSystem/entry-criterion

ValueSet: MailboxTypes
Id: mailbox-type
Title: "Type de messagerie"
* insert ClosedOf([[Type de messagerie]], $R256)

ValueSet: Regions
Id: region
Title: "Région"
* insert ClosedOf([[Région]], $R30)

ValueSet: NetworkDisciplines
Id: network-discipline
Title: "Discipline d'un réseau"
Description: "Discipline d'un réseau: a code of the nearest French list, ours where none has it."
* insert Closed
* include codes from system $R38
* include codes from system $R95
* include codes from system $G15
* include codes from system https://passerelle.example/fhir/CodeSystem/discipline
