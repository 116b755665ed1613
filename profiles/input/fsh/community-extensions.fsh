// What communities of professionals (CPTS, ESS) and pathways say of themselves, where R4 has no element for it.

Extension: NetworkDescription
Id: pas-description
Title: "Présentation du réseau"
Description: "What a network says of itself. After fr-core-organization-description (FR Core 2.1); R5 has Organization.description."
Context: Organization
* value[x] only markdown
* value[x] 1..1

Extension: ValidityPeriod
Id: pas-period
Title: "Période"
Description: "While an offer or a mission holds: HealthcareService has no such element."
Context: HealthcareService
* value[x] only Period
* value[x] 1..1

Extension: SpecialistShare
Id: pas-specialist-share
Title: "Part des spécialistes du territoire"
Description: "How many of a territory's self-employed specialists are members of a team, as a source counted them on a day (specifications of the ESS: 10 % at the start, 50 % in five years)."
Context: Organization
* extension contains specialty 1..1 and share 1..1 and source 1..1 and date 1..1
* extension[specialty].value[x] only CodeableConcept
* extension[specialty].value[x] 1..1
* extension[specialty].value[x] from Specialties (required)
* extension[share].value[x] only Ratio
* extension[share].value[x] 1..1
* extension[source].value[x] only string
* extension[source].value[x] 1..1
* extension[date].value[x] only date
* extension[date].value[x] 1..1

Extension: Population
Id: pas-population
Title: "Population"
Description: "Inhabitants of a territory, or of one of its communes, as a source counted them at a date."
Context: Location, Coding
* extension contains count 0..1 and date 0..1 and source 0..1
* extension[count].value[x] only integer
* extension[count].value[x] 1..1
* extension[date].value[x] only date
* extension[date].value[x] 1..1
* extension[source].value[x] only string
* extension[source].value[x] 1..1

Extension: Workplace
Id: pas-workplace
Title: "Lieu d'exercice"
Description: "Where a member of a network works; their place in the network is PractitionerRole.organization."
Context: PractitionerRole
* value[x] only Reference(Organization)
* value[x] 1..1
