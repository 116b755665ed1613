// Extensions of IHE MHD 4.2.3 that submissions bear, under IHE's URLs, as stand-ins: see french-extensions.fsh.

Extension: IheSourceId
Id: ihe-sourceId
Title: "Système émetteur d'un envoi (IHE MHD)"
Description: "Identifier of the system that sends a submission set."
Context: List
* insert StandIn(https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-sourceId)
* value[x] only Identifier
* value[x] 1..1

Extension: IheDesignationType
Id: ihe-designationType
Title: "Activité dont vient un envoi (IHE MHD)"
Description: "Activity that a submission set comes from (XDS contentTypeCode; JDV_J03)."
Context: List
* insert StandIn(https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-designationType)
* value[x] only CodeableConcept
* value[x] 1..1

Extension: IheIntendedRecipient
Id: ihe-intendedRecipient
Title: "Destinataire d'un envoi (IHE MHD)"
Description: "Whom a submission set is for."
Context: List
* insert StandIn(https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-intendedRecipient)
* value[x] only Reference(Practitioner or Organization)
* value[x] 1..1

Extension: IheAuthorOrg
Id: ihe-authorOrg
Title: "Organisation auteur d'un envoi (IHE MHD)"
Description: "The organisation that is the author of a submission set, where no person is."
Context: List.source
* insert StandIn(https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-authorOrg)
* value[x] only Reference(Organization)
* value[x] 1..1
