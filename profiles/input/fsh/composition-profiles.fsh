// The documents people write, by type: each a Composition that meets the cardinalities of FRCompositionDocument
// (document-core, draft), so that moving to it later changes profile and extension URLs only. What differs is the type, its
// class (ASS_X04) and the sections nobody may leave out (mappings/exchange/documents.yaml names them in French).

RuleSet: FrenchComposition(type, class)
* insert ClinicalResource
* language 1..1
* extension contains http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber named version 1..1
* identifier 1..1
* identifier.system 1..1
* identifier.value 1..1
* type = $loinc#{type}
* type from DocumentTypes (required)
* category 1..1
* category = $A03#{class}
* category from DocumentClasses (required)
* subject 1..1
* subject only Reference(Patient)
* encounter 1..1
* author.extension contains AuthorTime named time 1..1
* confidentiality 1..1
* attester ^slicing.discriminator[0].type = #value
* attester ^slicing.discriminator[0].path = "mode"
* attester ^slicing.rules = #open
* attester 1..*
* attester contains legalAuthenticator 1..1
* attester[legalAuthenticator].mode = #legal (exactly)
* attester[legalAuthenticator].time 1..1
* attester[legalAuthenticator].party 1..1
* custodian 1..1
* event 1..1
* event.extension contains EventPerformer named performer 1..*
* event.period 1..1
* section 1..*
* section.title 1..1
* section.code 1..1
* section.code from DocumentSections (extensible)
* section.text 1..1
* section ^slicing.discriminator[0].type = #pattern
* section ^slicing.discriminator[0].path = "code"
* section ^slicing.rules = #open

RuleSet: SectionCode(slice, code)
* section[{slice}].code = {code}

Profile: Synthesis
Parent: Composition
Id: pas-synthesis
Title: "Synthèse d'épisode de soins"
Description: "The synthesis of a pathway."
* insert FrenchComposition(34133-9, 11)
* section contains problems 1..1 and medications 1..1 and allergies 1..1 and plan 1..1
* insert SectionCode(problems, $loinc#11450-4)
* insert SectionCode(medications, $loinc#10160-0)
* insert SectionCode(allergies, $loinc#48765-2)
* insert SectionCode(plan, $loinc#18776-5)

Profile: TeamOpinion
Parent: Composition
Id: pas-team-opinion
Title: "Avis de réunion de concertation pluridisciplinaire"
Description: "What a multidisciplinary meeting (RCP) advises: who sat, what was presented, whether the case meets the criteria, the opinion and what follows. For meetings other than those on cancer, which have a format of their own (FRCP)."
* insert FrenchComposition(34794-8, 10)
* event.code 1..1
* event.code from DocumentDecisions (required)
* section contains reason 1..1 and participants 1..1 and file 1..1 and criteria 1..1 and opinion 1..1 and plan 1..1
* insert SectionCode(reason, $loinc#42349-1)
* insert SectionCode(participants, $loinc#85847-2)
* insert SectionCode(file, $loinc#55752-0)
* insert SectionCode(criteria, $section#criteres)
* section[criteria].extension contains CriterionAssessment named assessment 0..*
* insert SectionCode(opinion, $section#avis)
* insert SectionCode(plan, $loinc#18776-5)

Profile: AddressingLetter
Parent: Composition
Id: pas-addressing-letter
Title: "Lettre d'adressage rédigée"
Description: "The letter that addresses a patient, as a document with sections; pas-referral-letter tells of it."
* insert FrenchComposition(96349-6, 10)
* section contains reason 1..1 and problems 1..1 and medications 1..1 and allergies 1..1 and question 1..1
* insert SectionCode(reason, $loinc#42349-1)
* insert SectionCode(problems, $loinc#11450-4)
* insert SectionCode(medications, $loinc#10160-0)
* insert SectionCode(allergies, $loinc#48765-2)
* insert SectionCode(question, $section#question)

Profile: PersonalPlan
Parent: Composition
Id: pas-personal-plan
Title: "Plan personnalisé de soins"
Description: "What was agreed with a patient: where they stand, what is aimed at, who does what, when it is looked at again. The national plan document holds lines of medication only."
* insert FrenchComposition(18776-5, 44)
* section contains situation 1..1 and goals 1..1 and plan 1..1 and review 1..1
* insert SectionCode(situation, $loinc#51848-0)
* insert SectionCode(goals, $loinc#61146-7)
* insert SectionCode(plan, $loinc#18776-5)
* insert SectionCode(review, $section#reevaluation)

Profile: RemoteOpinionRequest
Parent: Composition
Id: pas-remote-opinion-request
Title: "Demande de télé-expertise"
Description: "What is asked of a specialist who will not see the patient."
* insert FrenchComposition(75496-0, 10)
* section contains question 1..1 and file 1..1 and problems 1..1 and medications 1..1 and allergies 1..1
* insert SectionCode(question, $section#question)
* insert SectionCode(file, $loinc#55752-0)
* insert SectionCode(problems, $loinc#11450-4)
* insert SectionCode(medications, $loinc#10160-0)
* insert SectionCode(allergies, $loinc#48765-2)

Profile: RemoteOpinion
Parent: Composition
Id: pas-remote-opinion
Title: "Compte rendu de télé-expertise"
Description: "A specialist's written answer."
* insert FrenchComposition(85208-7, 10)
* section contains question 1..1 and opinion 1..1 and plan 1..1
* insert SectionCode(question, $section#question)
* insert SectionCode(opinion, $section#avis)
* insert SectionCode(plan, $loinc#18776-5)

Profile: DischargeLetter
Parent: Composition
Id: pas-discharge-letter
Title: "Lettre de liaison à la sortie"
Description: "What a hospital tells at discharge (Code de la santé publique, R. 1112-1-2)."
* insert FrenchComposition(11490-0, 10)
* section contains reason 1..1 and course 1..1 and medications 1..1 and allergies 1..1 and plan 1..1
* insert SectionCode(reason, $loinc#42349-1)
* insert SectionCode(course, $loinc#8648-8)
* insert SectionCode(medications, $loinc#10183-2)
* insert SectionCode(allergies, $loinc#48765-2)
* insert SectionCode(plan, $loinc#18776-5)

Profile: TransferNote
Parent: Composition
Id: pas-transfer-note
Title: "Note de transfert"
Description: "What goes with a patient who enters a hospital or changes it."
* insert FrenchComposition(18761-7, 11)
* section contains reason 1..1 and problems 1..1 and medications 1..1 and allergies 1..1
* insert SectionCode(reason, $loinc#42349-1)
* insert SectionCode(problems, $loinc#11450-4)
* insert SectionCode(medications, $loinc#10160-0)
* insert SectionCode(allergies, $loinc#48765-2)

Profile: ConsultationReport
Parent: Composition
Id: pas-consultation-report
Title: "Compte rendu de consultation"
Description: "What was found at a consultation and what follows."
* insert FrenchComposition(11488-4, 10)
* section contains reason 1..1 and findings 1..1 and plan 1..1
* insert SectionCode(reason, $loinc#42349-1)
* insert SectionCode(findings, $loinc#51848-0)
* insert SectionCode(plan, $loinc#18776-5)

CodeSystem: DocumentSectionCodes
Id: document-section
Title: "Section de document"
Description: "Sections that no LOINC code known here names."
* insert Complete
* #question "Question posée"
* #criteres "Conformité aux critères déclarés"
* #avis "Avis"
* #reevaluation "Suivi et réévaluation"
* #souhaits "Souhaits du patient"

CodeSystem: DocumentDecisionCodes
Id: document-decision
Title: "Décision d'un document"
Description: "What a document decided, as Composition.event.code: later steps of a pathway may depend on it."
* insert Complete
* #favorable "Avis favorable"
* #defavorable "Avis défavorable"
* #dossier-a-revoir "Dossier à revoir"

ValueSet: DocumentDecisions
Id: document-decision
Title: "Décision d'un document"
* insert ClosedOf([[Décision d'un document]], https://passerelle.example/fhir/CodeSystem/document-decision)

CodeSystem: CriterionOutcomeCodes
Id: criterion-outcome
Title: "Réponse à un critère"
Description: "Whether what a team declared as a criterion is so in the case presented."
* insert Complete
* #oui "Oui"
* #non "Non"
* #sans-objet "Sans objet"

ValueSet: CriterionOutcomes
Id: criterion-outcome
Title: "Réponse à un critère"
* insert ClosedOf([[Réponse à un critère]], https://passerelle.example/fhir/CodeSystem/criterion-outcome)

Extension: CriterionAssessment
Id: pas-criterion-assessment
Title: "Critère examiné"
Description: "A criterion that the team declared (pas-team-criterion, by its code), and whether the case presented meets it; why not, where it does not conform."
Context: Composition.section
* extension contains criterion 1..1 and outcome 1..1 and reason 0..1
* extension[criterion].value[x] only code
* extension[criterion].value[x] 1..1
* extension[outcome].value[x] only CodeableConcept
* extension[outcome].value[x] 1..1
* extension[outcome].value[x] from CriterionOutcomes (required)
* extension[reason].value[x] only string
* extension[reason].value[x] 1..1

ValueSet: DocumentSections
Id: document-section
Title: "Section de document"
Description: "Section de document: codes of the sections this product writes; documents of others may have more. This material contains content from LOINC (http://loinc.org), copyright Regenstrief Institute, Inc. and the LOINC Committee, available at no cost under the licence at http://loinc.org/license."
* insert Closed
* include codes from system https://passerelle.example/fhir/CodeSystem/document-section
* $loinc#10160-0
* $loinc#10164-2
* $loinc#10183-2
* $loinc#11450-4
* $loinc#18776-5
* $loinc#29762-2
* $loinc#30954-2
* $loinc#42349-1
* $loinc#47420-5
* $loinc#48765-2
* $loinc#51848-0
* $loinc#55752-0
* $loinc#61146-7
* $loinc#85847-2
* $loinc#8648-8
* $loinc#8716-3
