// What crosses between hospitals for one patient. Parents are base R4: France has no profile for a referral, a care plan
// or a patient-less team (docs/decisions/0006-profiles.md). Sources: COW and BSeR (REF-01 … REF-09), PDSm, RNIV.

Profile: ReferralOrder
Parent: ServiceRequest
Id: pas-referral-order
Title: "Demande d'adressage"
Description: "A referral as its placer wrote it; only the placer's side changes it (REF-01). fr-core-service-request is made for examinations and is no parent."
* insert ClinicalResource
* insert OrderIdentifiers
* identifier 1..*
* identifier[placer] 1..1
* status 1..1
* intent = #order (exactly)
* category 1..*
* category from ReferralCategories (required)
* code from ReferralReasons (required)
* subject only Reference(Patient)
* authoredOn 1..1
* requester 1..1
* doNotPerform 0..0
* performer 0..10
* performer ^short = "The offers that are asked: the first that accepts has it; none: the gateway looks for one, or asks a person"
* instantiatesCanonical 0..1
* instantiatesCanonical ^short = "The pathway: PlanDefinition.url of the receiving network's protocol; absent: that of whoever receives it"

RuleSet: OrderIdentifiers
* identifier ^slicing.discriminator[0].type = #pattern
* identifier ^slicing.discriminator[0].path = "type"
* identifier ^slicing.rules = #open
* identifier.value 1..1
* identifier contains placer 0..1 and filler 0..1
* identifier[placer].type 1..1
* identifier[placer].type = $idType#PLAC
* identifier[placer].system 1..1
* identifier[filler].type 1..1
* identifier[filler].type = $idType#FILL
* identifier[filler].system 1..1

Profile: FillerOrder
Parent: ServiceRequest
Id: pas-filler-order
Title: "Demande relayée"
Description: "The gateway's own order to the fulfiller on behalf of the placer (REF-07)."
* insert ClinicalResource
* insert OrderIdentifiers
* identifier 1..*
* status 1..1
* intent = #filler-order (exactly)
* basedOn 1..*
* category 1..*
* category from ReferralCategories (required)
* code from ReferralReasons (required)
* subject only Reference(Patient)
* doNotPerform 0..0
* performer 1..*

Profile: ActivityOrder
Parent: ServiceRequest
Id: pas-activity-order
Title: "Demande d'une étape de parcours"
Description: "One step of a care plan, made by applying a protocol (CORE-16)."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* code 1..1
* code from CareActivities (required)
* category from ReferralCategories (required)
* subject only Reference(Patient)
* instantiatesCanonical 1..1
* instantiatesCanonical ^short = "ActivityDefinition.url of the step"

Profile: ReferralTask
Parent: Task
Id: pas-referral-task
Title: "Tâche d'adressage"
Description: "State of a referral: who has it and how far it is (REF-02, REF-05). A completed one names its outcome (REF-06)."
* insert ClinicalResource
* insert OrderIdentifiers
* identifier 1..*
* status 1..1
* intent = #order (exactly)
* code 1..1
* code = $taskCode#fulfill
* focus 1..1
* focus only Reference(ServiceRequest)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* requester 1..1
* owner 0..1
* owner ^short = "Who has it; absent while nobody was chosen"
* businessStatus from ReferralStatuses (required)
* obeys pas-task-outcome and pas-task-reason

Invariant: pas-task-outcome
Description: "A completed referral names its outcome (REF-06)."
Severity: #error
Expression: "status = 'completed' implies output.exists()"

Invariant: pas-task-reason
Description: "A refused or failed referral says why (REF-04)."
Severity: #error
Expression: "(status = 'rejected' or status = 'failed') implies statusReason.exists()"

Profile: IdentityTask
Parent: Task
Id: pas-identity-task
Title: "Tâche d'identitovigilance"
Description: "Asks a hospital's identity cell to match a provisional patient; the referral goes on meanwhile."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* intent = #order (exactly)
* code 1..1
* code from TaskPurposes (required)
* focus 1..1
* focus only Reference(Patient)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1

Profile: CareCircle
Parent: CareTeam
Id: pas-care-circle
Title: "Cercle de soins proposé"
Description: "The patient's care circle as the gateway proposes it where a hospital knows none; never written over one that is there. It satisfies the cardinalities of cds-ihe-careteam (Cercle de soins 2.0.1), so that declaring that profile is a change of URL."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* category 0..0
* name 1..1
* subject 1..1
* subject only Reference(Patient)
* period 1..1
* period.start 1..1
* participant 1..*
* participant.member 1..1
* participant.member only Reference(PractitionerRole or RelatedPerson or Organization)
* participant.period 1..1
* participant.period.start 1..1

Profile: CircleTask
Parent: Task
Id: pas-circle-task
Title: "Tâche de cercle de soins"
Description: "Asks a hospital to confirm the care circle that is proposed, or to let those who now care for the patient join the one it has: `input` names them. Without focus: several circles are in force there, and a person says which."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* intent = #order (exactly)
* code 1..1
* code from TaskPurposes (required)
* focus only Reference(CareTeam)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* description 1..1
* input 1..*
* input.type from TaskInputs (required)

Profile: OverdueTask
Parent: Task
Id: pas-overdue-task
Title: "Tâche d'échéance dépassée"
Description: "Tells whoever coordinates that a stretch of a referral is late; completed when what was due came or the referral ended."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* intent = #order (exactly)
* code 1..1
* code from TaskPurposes (required)
* focus 1..1
* focus only Reference(Task)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* description 1..1
* restriction 1..1
* restriction.period 1..1
* restriction.period.start 1..1
* restriction.period.end 1..1

Profile: RoutingTask
Parent: Task
Id: pas-routing-task
Title: "Tâche d'orientation"
Description: "Asks whoever coordinates to choose who receives a referral that no offer clearly fits, or that everyone refused; completed when somebody did."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* intent = #order (exactly)
* code 1..1
* code from TaskPurposes (required)
* focus 1..1
* focus only Reference(Task)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* description 1..1

Profile: ConsentTask
Parent: Task
Id: pas-consent-task
Title: "Tâche de consentement"
Description: "Tells whoever coordinates what was already given to whom when the patient's consent ends or narrows; completed when the consent covers it again."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* intent = #order (exactly)
* code 1..1
* code from TaskPurposes (required)
* focus 1..1
* focus only Reference(Task)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* description 1..1

Profile: ClosedTask
Parent: Task
Id: pas-closed-task
Title: "Tâche de professionnel fermé"
Description: "Asks to name somebody else with the patient: whom the referral hands the patient to, or whom the patient declared as médecin traitant, is closed in the held directory. Completed when somebody else is named or they are back in use, cancelled when it no longer matters."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* intent = #order (exactly)
* code 1..1
* code from TaskPurposes (required)
* focus 1..1
* focus only Reference(Task)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* description 1..1

Profile: AcknowledgeTask
Parent: Task
Id: pas-acknowledge-task
Title: "Tâche de prise en compte"
Description: "Asks the placer to take note of a document that was replaced or completed after the referral had ended; completed when somebody did."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* intent = #order (exactly)
* code 1..1
* code from TaskPurposes (required)
* partOf 1..1
* focus 1..1
* focus only Reference(Task)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* description 1..1
* restriction 1..1
* restriction.period 1..1
* restriction.period.end 1..1
* input 1..*

Profile: ReferralPatient
Parent: Patient
Id: pas-referral-patient
Title: "Patient adressé"
Description: "A patient as a referral carries them. After fr-core-patient and fr-core-patient-ins (FR Core): the INS travels with its five traits, and only when the identity is qualified."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* identifier ^slicing.discriminator[0].type = #value
* identifier ^slicing.discriminator[0].path = "system"
* identifier ^slicing.rules = #open
* identifier contains insNir 0..1 and insNia 0..1 and insTest 0..1 and insDemo 0..1
* insert Ins(insNir, urn:oid:1.2.250.1.213.1.4.8, INS-NIR)
* insert Ins(insNia, urn:oid:1.2.250.1.213.1.4.9, INS-NIA)
* insert Ins(insTest, urn:oid:1.2.250.1.213.1.4.10, INS-NIR-TEST)
* insert Ins(insDemo, urn:oid:1.2.250.1.213.1.4.11, INS-NIR-DEMO)
* extension contains FrIdentityReliability named identityReliability 0..* and http://hl7.org/fhir/StructureDefinition/patient-birthPlace named birthPlace 0..1
* name 1..*
* gender 1..1
* birthDate 1..1
* obeys pas-ins-qualified and pas-ins-traits and pas-ins-status-code

RuleSet: Ins(slice, system, type)
* identifier[{slice}].system = "{system}" (exactly)
* identifier[{slice}].type = $frIdType#{type}
* identifier[{slice}].value obeys pas-ins-form

Invariant: pas-ins-form
Description: "INS: thirteen characters and a key of two digits. A wrong key is a matter for warnings (some official examples fail it)."
Severity: #error
Expression: "$this.matches('^[0-9]{5}(2A|2B|[0-9]{2})[0-9]{6}[0-9]{2}$')"

Invariant: pas-ins-qualified
Description: "Only a qualified identity carries an INS: status QUAL, or VALI of the older list at input."
Severity: #error
Expression: "identifier.where(system.startsWith('urn:oid:1.2.250.1.213.1.4.')).exists() implies extension.where(url = 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability').extension.where(url = 'identityStatus').value.where(code = 'QUAL' or (code = 'VALI' and system = 'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445')).exists()"

Invariant: pas-ins-status-code
Description: "Status of the older list: taken at input, never sent with an INS."
Severity: #warning
Expression: "extension.where(url = 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability').extension.where(url = 'identityStatus').value.all(system = 'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-identity-status')"

Invariant: pas-ins-traits
Description: "An INS travels with its five traits: birth name, given names of the birth record, sex, birth date, INSEE code of the birth place."
Severity: #error
Expression: "identifier.where(system.startsWith('urn:oid:1.2.250.1.213.1.4.')).exists() implies (name.where(use = 'official' and family.exists() and given.exists() and extension.where(url = 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name').exists()).exists() and gender != 'other' and birthDate.exists() and extension.where(url = 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace').value.extension.where(url = 'https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code').exists())"

Profile: ReferralConsent
Parent: Consent
Id: pas-referral-consent
Title: "Accord du patient"
Description: "What the patient agreed to share, with whom and until when (CSP L.1110-4). After fr-core-consent (FR Core) and ESMSConsent."
* insert ClinicalResource
* status 1..1
* scope = http://terminology.hl7.org/CodeSystem/consentscope#patient-privacy
* category 1..*
* category from ConsentCategories (required)
* patient 1..1
* dateTime 1..1
* provision 1..1
* provision.type 1..1

Profile: CarePathwayPlan
Parent: CarePlan
Id: pas-care-plan
Title: "Parcours d'un patient"
Description: "A protocol applied to one patient: an activity is either an order (reference) or a document to write (detail), never both (cpl-3). No French parent exists."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* instantiatesCanonical 1..1
* status 1..1
* intent = #plan (exactly)
* category 1..*
* category from CarePlanCategories (required)
* subject only Reference(Patient)
* activity 1..*
* activity.id 1..1
* activity.id ^short = "Id of the protocol's action"
* activity.reference only Reference(ServiceRequest or Task)

Profile: Consultation
Parent: Encounter
Id: pas-consultation
Title: "Consultation du parcours"
Description: "A step of a pathway that took place with people present: a consultation, a meeting, a stay; a finished one has an end. In a meeting, participant.type says which discipline each one sat for. After fr-core-encounter (FR Core)."
* insert ClinicalResource
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status 1..1
* class from EncounterClasses (required)
* class.code 1..1
* subject 1..1
* subject only Reference(Patient)
* participant 1..*
* participant.individual 1..1
* period 1..1
* period.start 1..1
* obeys pas-finished-end

Invariant: pas-finished-end
Description: "A finished consultation has an end."
Severity: #error
Expression: "status = 'finished' implies period.end.exists()"
