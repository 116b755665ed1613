// Codes of a filière that no French or international list was found to have. Every one is complete and case-sensitive.

CodeSystem: LabelTypeCodes
Id: label-type
Title: "Type de label"
Description: "Labels given by a regional health agency (ARS); TRE_R395 has only their parent, LABL."
* insert Complete
* #centre-specialise-obesite "Centre spécialisé de l'obésité"

ValueSet: LabelTypes
Id: label-type
Title: "Type de label"
* insert ClosedOf([[Type de label]], https://passerelle.example/fhir/CodeSystem/label-type)

CodeSystem: RequestDecisionCodes
Id: request-decision
Title: "Décision sur une demande d'adhésion"
Description: "What a network decided on a request to join it."
* insert Complete
* #en-attente "En attente"
* #acceptee "Acceptée"
* #refusee "Refusée"

ValueSet: RequestDecisions
Id: request-decision
Title: "Décision sur une demande d'adhésion"
* insert ClosedOf([[Décision sur une demande d'adhésion]], https://passerelle.example/fhir/CodeSystem/request-decision)

CodeSystem: ActorTypeCodes
Id: actor-type
Title: "Type d'acteur"
Description: "Field from which an actor works with a network."
* insert Complete
* #ville "Ville"
* #hopital "Hôpital"
* #medico-social "Médico-social"
* #association "Association"
* #second-recours "Second recours"
* #reseau "Réseau existant"

ValueSet: ActorTypes
Id: actor-type
Title: "Type d'acteur"
* insert ClosedOf([[Type d'acteur]], https://passerelle.example/fhir/CodeSystem/actor-type)

CodeSystem: TerritoryTypeCodes
Id: territory-type
Title: "Type de territoire"
Description: "What a territory is, below the one of the network."
* insert Complete
* #departement "Département"
* #dac "Territoire d'un dispositif d'appui à la coordination (DAC)"

ValueSet: TerritoryTypes
Id: territory-type
Title: "Type de territoire"
* insert ClosedOf([[Type de territoire]], https://passerelle.example/fhir/CodeSystem/territory-type)

CodeSystem: EquipmentCodes
Id: equipment
Title: "Équipement"
Description: "Equipment of an offer: for explorations, and fit to receive people with severe obesity."
* insert Complete
* #absorptiometrie "Absorptiométrie biphotonique"
* #calorimetrie-indirecte "Calorimétrie indirecte"
* #impedancemetrie "Impédancemétrie"
* #polysomnographie "Polysomnographie"
* #epreuve-effort "Épreuve d'effort"
* #endoscopie "Endoscopie"
* #imagerie-grande-capacite "Imagerie de grande capacité"
* #lit-grande-capacite "Lit de grande capacité"
* #table-operatoire-grande-capacite "Table opératoire de grande capacité"
* #pesee-grande-capacite "Pesée de grande capacité"

ValueSet: EquipmentItems
Id: equipment
Title: "Équipement"
* insert ClosedOf([[Équipement]], https://passerelle.example/fhir/CodeSystem/equipment)

CodeSystem: OfferActivityCodes
Id: offer-activity-local
Title: "Activité d'une offre"
Description: "Activities that TRE_R211 was not found to have."
* insert Complete
* #pediatrie-obesite "Prise en charge de l'obésité de l'enfant"
* #explorations-obesite "Explorations spécialisées"

ValueSet: LocalOfferActivities
Id: offer-activity-local
Title: "Activité d'une offre"
* insert ClosedOf([[Activité d'une offre]], https://passerelle.example/fhir/CodeSystem/offer-activity-local)

CodeSystem: PartnerDisciplineCodes
Id: partner-discipline
Title: "Discipline associée"
Description: "Disciplines an offer works with closely without having them itself."
* insert Complete
* #nutrition "Nutrition"
* #endocrinologie-metabolisme "Endocrinologie et métabolisme"
* #psychologie "Psychologie"
* #dietetique "Diététique"
* #pneumologie "Pneumologie"
* #medecine-du-sommeil "Médecine du sommeil"
* #cardiologie "Cardiologie"
* #hepato-gastro-enterologie "Hépato-gastro-entérologie"
* #chirurgie-bariatrique "Chirurgie bariatrique"
* #anesthesie-reanimation "Anesthésie-réanimation"
* #medecine-generale "Médecine générale"
* #psychiatrie "Psychiatrie"
* #soins-infirmiers "Soins infirmiers"

ValueSet: PartnerDisciplines
Id: partner-discipline
Title: "Discipline associée"
* insert ClosedOf([[Discipline associée]], https://passerelle.example/fhir/CodeSystem/partner-discipline)

CodeSystem: TeamCriterionCodes
Id: team-criterion
Title: "Nature d'un critère de présentation"
Description: "What a criterion of presentation to a team is."
* insert Complete
* #inclusion "Critère d'inclusion"
* #exclusion "Critère d'exclusion"
* #piece "Pièce à joindre"

ValueSet: TeamCriteria
Id: team-criterion
Title: "Nature d'un critère de présentation"
* insert ClosedOf([[Nature d'un critère de présentation]], https://passerelle.example/fhir/CodeSystem/team-criterion)

CodeSystem: NetworkActionCodes
Id: network-action
Title: "Action d'un réseau"
Description: "What a network does for professionals and the public outside the care of a patient."
* insert Complete
* #sensibilisation "Action de sensibilisation"
* #information "Action d'information"
* #formation "Action de formation"

ValueSet: NetworkActions
Id: network-action
Title: "Action d'un réseau"
* insert ClosedOf([[Action d'un réseau]], https://passerelle.example/fhir/CodeSystem/network-action)
