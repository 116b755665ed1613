// Documents: the letter that opens a referral, the synthesis that closes it, the bundle that carries it.

Extension: AuthorTime
Id: pas-author-time
Title: "Date de la contribution d'un auteur"
Description: "When an author contributed. FRCompositionDocument (draft) demands one per author under a URL that is not settled yet."
Context: Composition.author
* value[x] only dateTime
* value[x] 1..1

Extension: EventPerformer
Id: pas-event-performer
Title: "Exécutant de l'acte documenté"
Description: "Who performed the act a document reports. FRCompositionDocument (draft) demands one for the principal event."
Context: Composition.event
* value[x] only Reference(Practitioner or PractitionerRole or Organization)
* value[x] 1..1

// The pair of type and class is dictated by the French set ASS_X04.
Invariant: pas-document-class
Description: "Class of a document follows from its type (ASS_X04): 10 report, 11 synthesis, 44 plan, 95 attestation."
Severity: #error
Expression: "(type.coding.where(code in ('96349-6' | '34794-8' | '11488-4' | '11506-3' | '11490-0' | '75496-0' | '85208-7' | '47420-5')).exists() implies category.coding.where(code = '10').exists()) and (type.coding.where(code in ('34133-9' | '68599-0' | '60591-5' | '18761-7' | '83901-9' | 'SYNTH')).exists() implies category.coding.where(code = '11').exists()) and (type.coding.where(code in ('18776-5' | '77604-7' | '80788-3' | '83869-8')).exists() implies category.coding.where(code = '44').exists()) and (type.coding.where(code in ('59284-0' | '56446-8')).exists() implies category.coding.where(code = '95').exists())"

Invariant: pas-attachment-content
Description: "A document is either in the resource or at an address."
Severity: #error
Expression: "data.exists() or url.exists()"

RuleSet: DocumentMetadata
* insert ClinicalResource
* status 1..1
* subject 1..1
* subject only Reference(Patient)
* date 1..1
* author 1..*
* type 1..1
* category 1..1
* category from DocumentClasses (required)
* content.attachment obeys pas-attachment-content
* content.attachment.contentType 1..1
* content.attachment.title 1..1
* obeys pas-document-class

Profile: ReferralLetter
Parent: DocumentReference
Id: pas-referral-letter
Title: "Lettre d'adressage"
Description: "A document that goes with a referral: the letter itself, or another one that its pathway asks for. After pdsm-simplified-publish (PDSm) and IHE MHD."
* insert DocumentMetadata
* type from ReferralDocumentTypes (required)

Profile: DeliveredDocument
Parent: DocumentReference
Id: pas-document-reference
Title: "Document remis"
Description: "What a receiving server is told of a document delivered to it. After pdsm-comprehensive-document-reference (PDSm) and IHE MHD."
* insert DocumentMetadata
* masterIdentifier 1..1
* masterIdentifier.value 1..1
* identifier 1..*
* type from DocumentTypes (required)
* custodian 1..1
* securityLabel 1..*

Profile: SubmissionSet
Parent: List
Id: pas-submission-set
Title: "Lot de soumission"
Description: "Who sends a document to a hospital that takes submissions (ITI-65), of what activity, for whom. After IHE.MHD.UnContained.Comprehensive.SubmissionSet and PDSmSubmissionSetComprehensive; the activity is left out where nobody says it, and the submission is then minimal."
* insert ClinicalResource
* extension contains IheSourceId named sourceId 1..1 and IheDesignationType named designationType 0..1 and IheIntendedRecipient named intendedRecipient 0..*
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status = #current
* mode = #working
* code 1..1
* code = https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes#submissionset
* subject 1..1
* subject only Reference(Patient)
* encounter 0..0
* date 1..1
* source.extension contains IheAuthorOrg named authorOrg 0..1
* orderedBy 0..0
* entry 1..*
* entry.flag 0..0
* entry.deleted 0..0
* entry.date 0..0
* entry.item only Reference(DocumentReference)
* emptyReason 0..0

Profile: DocumentBundle
Parent: Bundle
Id: pas-document-bundle
Title: "Document FHIR"
Description: "An immutable document: its Composition first, then everything it refers to (DOC-01). Delivered as the same bytes to every recipient."
* ^status = #active
* ^experimental = false
* implicitRules 0..0
* identifier 1..1
* identifier.system 1..1
* identifier.value 1..1
* type = #document (exactly)
* timestamp 1..1
* total 0..0
* entry 1..*
* entry.fullUrl 1..1
* entry.resource 1..1
* entry.search 0..0
* entry.request 0..0
* entry.response 0..0
