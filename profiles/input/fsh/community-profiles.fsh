// Documents of a network itself: its health project, what proves a stage, its agreements.

Profile: NetworkDocument
Parent: DocumentReference
Id: pas-network-document
Title: "Document du réseau"
Description: "A document of a network, about no patient: its health project (projet de santé), what proves a stage of its constitution, an agreement. Dated by attachment.creation, valid during context.period. PDSm and IHE MHD demand a patient, so they are no parents."
* insert DirectoryResource
* insert IdentifierBySystem
* insert NetworkIdentifier(1, 1)
* status 1..1
* type 1..1
* type from NetworkDocumentTypes (required)
* category 1..1
* category from NetworkDocumentCategories (required)
* category = https://passerelle.example/fhir/CodeSystem/network-document-category#reseau
* subject 0..0
* author 1..*
* custodian 1..1
* relatesTo.code = #replaces (exactly)
* content 1..1
* content.attachment.data 0..0
* content.attachment.title 1..1
* content.attachment.creation 1..1
* context.encounter 0..0
* context.event 0..0
