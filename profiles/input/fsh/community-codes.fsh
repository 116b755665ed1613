// Words of communities of professionals that no French or international list has, and their closed value sets.

CodeSystem: LegalFormCodes
Id: legal-form
Title: "Forme juridique d'un réseau"
Description: "Legal form of a network: the four that networks of care take."
* insert Complete
* #association "Association (loi 1901)"
* #sisa "Société interprofessionnelle de soins ambulatoires"
* #gcs "Groupement de coopération sanitaire"
* #sans-personnalite-juridique "Sans personnalité juridique"

ValueSet: LegalForms
Id: legal-form
Title: "Forme juridique d'un réseau"
* insert ClosedOf([[Forme juridique d'un réseau]], https://passerelle.example/fhir/CodeSystem/legal-form)

CodeSystem: NetworkDocumentTypeCodes
Id: network-document-type
Title: "Type de document d'un réseau"
Description: "What a document of a network is. JDV_J07 lists documents about a patient only."
* insert Complete
* #projet-de-sante "Projet de santé"
* #lettre-intention "Lettre d'intention"
* #decision-ars "Décision ou avis de l'ARS"
* #contrat "Contrat ou convention"
* #statuts "Statuts"
* #protocole "Protocole"
* #compte-rendu "Compte rendu ou bilan"

ValueSet: NetworkDocumentTypes
Id: network-document-type
Title: "Type de document d'un réseau"
* insert ClosedOf([[Type de document d'un réseau]], https://passerelle.example/fhir/CodeSystem/network-document-type)

CodeSystem: NetworkDocumentCategoryCodes
Id: network-document-category
Title: "Catégorie de document d'un réseau"
Description: "Tells a network's own documents from those about patients."
* insert Complete
* #reseau "Document de réseau"

ValueSet: NetworkDocumentCategories
Id: network-document-category
Title: "Catégorie de document d'un réseau"
* insert ClosedOf([[Catégorie de document d'un réseau]], https://passerelle.example/fhir/CodeSystem/network-document-category)
