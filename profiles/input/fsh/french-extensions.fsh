// French extensions whose guide cannot be resolved here: their shape as FR Core states it, under its URL, so that a resource
// which carries them can be validated. Not ours: whoever has the guide loads it instead (docs/decisions/0006-profiles.md).

RuleSet: StandIn(url)
* ^url = "{url}"
* ^status = #draft
* ^experimental = true

Extension: FrIdentityReliability
Id: fr-core-identity-reliability
Title: "Fiabilité de l'identité (FR Core)"
Description: "How sure an identity is (RNIV). Any status code is taken at input; what leaves bears one of fr-core-cs-identity-status."
Context: Patient
* insert StandIn(https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability)
* extension contains identityStatus 1..1 and validationDate 0..1 and validationMode 0..* and methodCollection 0..1 and dateInterrogationINSi 0..1 and comment 0..*
* extension[identityStatus].value[x] only Coding
* extension[identityStatus].value[x] 1..1
* extension[validationDate].value[x] only date
* extension[validationMode].value[x] only Coding
* extension[methodCollection].value[x] only Coding
* extension[dateInterrogationINSi].value[x] only date
* extension[comment].value[x] only CodeableConcept

Extension: FrAddressInseeCode
Id: fr-core-address-insee-code
Title: "Code INSEE d'une adresse (FR Core)"
Description: "INSEE code of the commune of an address."
Context: Address
* insert StandIn(https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code)
* value[x] only Coding
* value[x] 1..1

Extension: FrBirthListGivenName
Id: fr-core-patient-birth-list-given-name
Title: "Prénoms de l'acte de naissance (FR Core)"
Description: "All given names of the birth record, in their order."
Context: HumanName
* insert StandIn(https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name)
* value[x] only string
* value[x] 1..1

Extension: FrContactPointEmailType
Id: fr-core-contact-point-email-type
Title: "Type de messagerie (FR Core)"
Description: "Kind of an e-mail address: MSSANTE for a mailbox of the trusted space MSSanté."
Context: ContactPoint
* insert StandIn(https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type)
* value[x] only Coding
* value[x] 1..1
* valueCoding.system 1..1
* valueCoding.code 1..1
