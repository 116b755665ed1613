// What a filière and its teams say, where R4 has no element for it (docs/decisions/0010-filiere.md, 0011-rcp.md).

Extension: ArsLabel
Id: pas-label
Title: "Label de l'ARS"
Description: "A label that a regional health agency gave: to an establishment of the network, or to the network itself when no holder is named."
Context: Organization
* extension contains type 1..1 and holder 0..1 and authority 0..1 and reference 0..1 and period 0..1
* extension[type].value[x] only CodeableConcept
* extension[type].value[x] 1..1
* extension[type].value[x] from LabelTypes (required)
* extension[holder].value[x] only Reference(Organization)
* extension[holder].value[x] 1..1
* extension[authority].value[x] only string
* extension[authority].value[x] 1..1
* extension[reference].value[x] only string
* extension[reference].value[x] 1..1
* extension[period].value[x] only Period
* extension[period].value[x] 1..1

Extension: MembershipList
Id: pas-membership-list
Title: "État de la liste des membres"
Description: "Whether the list of a network's members is complete, and on which day it was drawn up. Not complete: who is not in it has neither left nor been excluded."
Context: Organization
* extension contains complete 1..1 and asOf 0..1
* extension[complete].value[x] only boolean
* extension[complete].value[x] 1..1
* extension[asOf].value[x] only date
* extension[asOf].value[x] 1..1

Extension: OwnDiscipline
Id: pas-own-discipline
Title: "Discipline du réseau"
Description: "A discipline the network has itself; repeats. Organization has no element for it."
Context: Organization
* value[x] only CodeableConcept
* value[x] 1..1
* valueCodeableConcept from NetworkDisciplines (required)

Extension: PartnerDiscipline
Id: pas-partner-discipline
Title: "Discipline associée"
Description: "A discipline the network works with closely without having it itself; repeats."
Context: Organization
* value[x] only CodeableConcept
* value[x] 1..1
* valueCodeableConcept from NetworkDisciplines (required)

Extension: CareAuthorisation
Id: pas-care-authorisation
Title: "Autorisation d'activité de soins"
Description: "A field of care that an establishment of the network is authorised in (TRE_R227: MCO, SMR); repeats."
Context: OrganizationAffiliation
* value[x] only CodeableConcept
* value[x] 1..1
* valueCodeableConcept from OfferFields (required)

Extension: MembershipRequest
Id: pas-membership-request
Title: "Demande d'adhésion"
Description: "A request to join a network and what was decided. The affiliation that carries it is inactive. `membership` names another one: what an accepted request gave, or the earlier one of a former member."
Context: OrganizationAffiliation
* extension contains date 1..1 and decision 1..1 and decided 0..1 and reason 0..1 and membership 0..1
* extension[date].value[x] only date
* extension[date].value[x] 1..1
* extension[decision].value[x] only CodeableConcept
* extension[decision].value[x] 1..1
* extension[decision].value[x] from RequestDecisions (required)
* extension[decided].value[x] only date
* extension[decided].value[x] 1..1
* extension[reason].value[x] only string
* extension[reason].value[x] 1..1
* extension[membership].value[x] only Reference(OrganizationAffiliation)
* extension[membership].value[x] 1..1

Extension: TeamQuorum
Id: pas-team-quorum
Title: "Quorum"
Description: "How many members must be there, at least: of a discipline, or in all when no discipline is named."
Context: CareTeam
* extension contains discipline 0..1 and minimum 1..1
* extension[discipline].value[x] only CodeableConcept
* extension[discipline].value[x] 1..1
* extension[discipline].value[x] from TeamRoles (required)
* extension[minimum].value[x] only positiveInt
* extension[minimum].value[x] 1..1

Extension: TeamSession
Id: pas-team-session
Title: "Séances"
Description: "When a team meets: a Timing (a weekday that comes back, or dates). `rank`: which of these weekdays of the month, which Timing cannot say."
Context: CareTeam
* extension contains timing 1..1 and rank 0..1 and place 0..1 and remote 0..1
* extension[timing].value[x] only Timing
* extension[timing].value[x] 1..1
* extension[rank].value[x] only positiveInt
* extension[rank].value[x] 1..1
* extension[place].value[x] only string
* extension[place].value[x] 1..1
* extension[remote].value[x] only boolean
* extension[remote].value[x] 1..1

Extension: TeamCriterion
Id: pas-team-criterion
Title: "Critère de présentation"
Description: "What decides whether a case is presented to a team: a criterion of inclusion or exclusion, or a document its file must hold. An opinion answers those that have a code (pas-criterion-assessment)."
Context: CareTeam
* extension contains nature 1..1 and text 1..1 and code 0..1
* extension[nature].value[x] only CodeableConcept
* extension[nature].value[x] 1..1
* extension[nature].value[x] from TeamCriteria (required)
* extension[text].value[x] only string
* extension[text].value[x] 1..1
* extension[code].value[x] only code
* extension[code].value[x] 1..1
