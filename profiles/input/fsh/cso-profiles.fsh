// What the second mission of a filière publishes: protocols and dated actions (docs/decisions/0010-filiere.md).

Profile: OrganisationalProtocol
Parent: PlanDefinition
Id: pas-organisational-protocol
Title: "Protocole organisationnel"
Description: "A protocol that a network wrote for itself: named, dated, with its document. It has neither url nor steps, so nobody can be referred to it or have it applied: that is pas-protocol."
* insert DirectoryResource
* insert IdentifierBySystem
* insert NetworkIdentifier(1, 1)
* url 0..0
* title 1..1
* type 1..1
* type = http://terminology.hl7.org/CodeSystem/plan-definition-type#workflow-definition
* date 1..1
* action 0..0
* relatedArtifact.type = #documentation (exactly)

Profile: NetworkAction
Parent: ActivityDefinition
Id: pas-network-action
Title: "Action du réseau"
Description: "A dated action of a network outside the care of a patient: to raise awareness, to inform, to train. timingPeriod says when."
* insert DirectoryResource
* insert IdentifierBySystem
* insert NetworkIdentifier(1, 1)
* url 0..0
* title 1..1
* kind 0..0
* code 1..1
* code from NetworkActions (required)
* timing[x] 1..1
* timing[x] only Period
* participant.type = #practitioner
* participant.role 1..1
* participant.role from TeamRoles (required)
* relatedArtifact.type = #documentation (exactly)
