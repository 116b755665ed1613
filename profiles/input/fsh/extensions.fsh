// Extensions of ours. Fixed contexts: an extension in a place not named here is an error.

Extension: NetworkTerritory
Id: pas-network-territory
Title: "Territoire du réseau"
Description: "Territory a network covers."
Context: Organization
* value[x] only Reference(Location)
* value[x] 1..1

Extension: ConstitutionStage
Id: pas-constitution-stage
Title: "Étape de constitution"
Description: "A stage the network reached and since when; the latest date is the present stage."
Context: Organization
* extension contains stage 1..1 and date 0..1 and evidence 0..1
* extension[stage].value[x] only CodeableConcept
* extension[stage].value[x] 1..1
* extension[stage].value[x] from ConstitutionStages (required)
* extension[date].value[x] only date
* extension[date].value[x] 1..1
* extension[evidence].value[x] only Reference(DocumentReference)
* extension[evidence].value[x] 1..1

Extension: Agreement
Id: pas-agreement
Title: "Convention ou contrat"
Description: "Agreement that founds a network or an affiliation, and while it holds."
Context: Organization, OrganizationAffiliation
* extension contains type 1..1 and period 0..1 and reference 0..1 and document 0..1
* extension[type].value[x] only CodeableConcept
* extension[type].value[x] 1..1
* extension[type].value[x] from AgreementTypes (required)
* extension[period].value[x] only Period
* extension[period].value[x] 1..1
* extension[reference].value[x] only string
* extension[reference].value[x] 1..1
* extension[document].value[x] only Reference(DocumentReference)
* extension[document].value[x] 1..1

Extension: Communes
Id: pas-communes
Title: "Commune du territoire"
Description: "One commune of a territory (INSEE code, TRE_R13); repeats. Location has no such list."
Context: Location
* value[x] only Coding
* value[x] 1..1
* valueCoding.system 1..1
* valueCoding.system = $R13 (exactly)
* valueCoding.code 1..1
* valueCoding.code obeys pas-insee-form

Invariant: pas-insee-form
Description: "INSEE code of a commune: five characters, the second may be A or B in Corsica."
Severity: #error
Expression: "$this.matches('^([0-9]{5}|2[AB][0-9]{3})$')"

Extension: StepRecipient
Id: pas-step-recipient
Title: "Destinataire d'une étape"
Description: "Who the document of a step is addressed to, or whom the patient is referred to: they take no part in the step itself (ActivityDefinition.participant)."
Context: ActivityDefinition
* value[x] only CodeableConcept
* value[x] 1..1
* valueCodeableConcept from Specialties (required)

Extension: DirectoryProvenance
Id: pas-directory-provenance
Title: "Provenance annuaire"
Description: "Which directory a copy was taken from, when it was last seen there, and the hash of what was seen."
Context: Organization, Practitioner, PractitionerRole, HealthcareService, Location
* extension contains source 1..1 and lastSeen 0..1 and hash 0..1
* extension[source].value[x] only uri
* extension[source].value[x] 1..1
* extension[lastSeen].value[x] only dateTime
* extension[lastSeen].value[x] 1..1
* extension[hash].value[x] only string
* extension[hash].value[x] 1..1

Extension: NewPatients
Id: pas-new-patients
Title: "Accepte de nouveaux patients"
Description: "Whether a person takes new patients, as their network declares it, and on which day it was said. No directory knows it."
Context: PractitionerRole
* extension contains accepts 1..1 and date 0..1
* extension[accepts].value[x] only boolean
* extension[accepts].value[x] 1..1
* extension[date].value[x] only date
* extension[date].value[x] 1..1
