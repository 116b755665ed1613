// What a pathway says beyond its steps: who belongs to which, how patients leave it, what is counted.

Extension: OfferTeam
Id: pas-offer-team
Title: "Équipe de l'offre"
Description: "The standing team behind an offer: HealthcareService has no element for one that has no patient."
Context: HealthcareService
* value[x] only Reference(CareTeam)
* value[x] 1..1

Extension: StepPerformer
Id: pas-step-performer
Title: "Professionnel d'une étape"
Description: "Whose post in the network a participant of a step is: ActivityDefinition.participant holds a role only."
Context: ActivityDefinition.participant
* value[x] only Reference(PractitionerRole)
* value[x] 1..1

Extension: StepTeam
Id: pas-step-team
Title: "Équipe d'une étape"
Description: "The standing team that meets in a step; its quorum is that of the meeting."
Context: ActivityDefinition
* value[x] only Reference(CareTeam)
* value[x] 1..1

Extension: StepDecision
Id: pas-step-decision
Title: "Décision dont dépend une étape"
Description: "The step takes place only when a document of an earlier step decided so (Composition.event.code). A condition would need a computable language that whoever reads the plan must have."
Context: PlanDefinition.action
* value[x] only CodeableConcept
* value[x] 1..1
* value[x] from DocumentDecisions (required)

Extension: PathwayExit
Id: pas-pathway-exit
Title: "Sortie du parcours"
Description: "A way to leave the pathway, as planned or not."
Context: PlanDefinition
* extension contains exit 1..1 and description 0..1
* extension[exit].value[x] only CodeableConcept
* extension[exit].value[x] 1..1
* extension[exit].value[x] from PathwayExits (required)
* extension[description].value[x] only string
* extension[description].value[x] 1..1

Extension: PathwayDelay
Id: pas-pathway-delay
Title: "Délai propre au parcours"
Description: "How long a pathway leaves for one stretch of a referral, where it differs from the common due times. R4 has no element for it: PlanDefinition.action.timing is of one step."
Context: PlanDefinition
* extension contains stretch 1..1 and priority 0..1 and hours 0..1 and days 0..1 and workingDays 0..1
* extension[stretch].value[x] only Coding
* extension[stretch].value[x] 1..1
* extension[stretch].value[x] from ReferralStretches (required)
* extension[priority].value[x] only code
* extension[priority].value[x] 1..1
* extension[priority].value[x] from ReferralPriorities (required)
* extension[hours].value[x] only positiveInt
* extension[hours].value[x] 1..1
* extension[days].value[x] only positiveInt
* extension[days].value[x] 1..1
* extension[workingDays].value[x] only positiveInt
* extension[workingDays].value[x] 1..1

CodeSystem: ReferralStretchCodes
Id: referral-stretch
Title: "Délai d'un adressage"
Description: "Stretches of a referral, each with a due time of its own (P-48)."
* insert Complete
* #transport "Transmission au destinataire"
* #acceptance "Réponse du destinataire"
* #first-contact "Première consultation"
* #realisation "Fin de la prise en charge"
* #synthesis "Synthèse"
* #acknowledgement "Accusés de réception de la synthèse"

ValueSet: ReferralStretches
Id: referral-stretch
Title: "Délai d'un adressage"
* insert ClosedOf([[Délai d'un adressage]], https://passerelle.example/fhir/CodeSystem/referral-stretch)

ValueSet: ReferralPriorities
Id: referral-priority
Title: "Priorité d'un adressage"
* insert Closed
* ^description = "Priorité d'un adressage: the codes of R4."
* http://hl7.org/fhir/request-priority#routine
* http://hl7.org/fhir/request-priority#urgent
* http://hl7.org/fhir/request-priority#asap
* http://hl7.org/fhir/request-priority#stat

CodeSystem: PathwayExitCodes
Id: pathway-exit
Title: "Sortie d'un parcours"
Description: "Ways for a patient to leave a pathway."
* insert Complete
* #termine "Parcours terminé"
* #refus-patient "Refus du patient"
* #perdu-de-vue "Perdu de vue"
* #hors-criteres "Ne répond plus aux critères d'entrée"
* #autre-prise-en-charge "Autre prise en charge"
* #deces "Décès"

ValueSet: PathwayExits
Id: pathway-exit
Title: "Sortie d'un parcours"
* insert ClosedOf([[Sortie d'un parcours]], https://passerelle.example/fhir/CodeSystem/pathway-exit)

CodeSystem: EntryCriterionCodes
Id: entry-criterion
Title: "Critère d'entrée"
Description: "Who may enter a pathway; the words beside the code say it fully."
* insert Complete
* #suivi-ambulatoire "Suivi en ambulatoire"
* #sans-medecin-generaliste "Sans médecin généraliste"
* #adressage-specialiste "Adressé par un spécialiste"
* #accord-patient "Accord du patient"
* #autre "Autre critère"

ValueSet: EntryCriteria
Id: entry-criterion
Title: "Critère d'entrée"
* insert ClosedOf([[Critère d'entrée]], https://passerelle.example/fhir/CodeSystem/entry-criterion)

CodeSystem: IndicatorCountCodes
Id: indicator-count
Title: "Décompte d'un indicateur"
Description: "What an indicator of a pathway counts, or of which delay it gives the median."
* insert Complete
* #patients-adresses "Patients adressés"
* #patients-accueillis "Patients accueillis"
* #patients-reorientes "Patients réorientés"
* #patients-sans-medecin-traitant "Patients sans médecin traitant déclaré"
* #consultations-realisees "Consultations réalisées"
* #activites-prevention "Activités de prévention réalisées"
* #syntheses-transmises "Synthèses transmises"
* #parcours-termines "Parcours terminés"
* #sorties-avant-terme "Sorties avant le terme"
* #delai-reponse "Délai de réponse du destinataire"
* #delai-premiere-consultation "Délai jusqu'à la première consultation"
* #delai-synthese "Délai de la synthèse après la dernière consultation"
* #duree-parcours "Durée du parcours, de la demande à la fin"

ValueSet: IndicatorCounts
Id: indicator-count
Title: "Décompte d'un indicateur"
* insert ClosedOf([[Décompte d'un indicateur]], https://passerelle.example/fhir/CodeSystem/indicator-count)

Profile: Indicator
Parent: Measure
Id: pas-indicator
Title: "Indicateur du parcours"
Description: "What a pathway counts to know how it does; a MeasureReport gives its value. What is counted, or of which delay the median is given, is a code (indicator-count); the criterion points to its definition. No French parent exists."
* insert DirectoryResource
* url 1..1
* insert IdentifierBySystem
* insert NetworkIdentifier(1, 1)
* title 1..1
* scoring 1..1
* group 1..1
* group.population 1..2
* group.population.code 1..1
* group.population.code.coding ^slicing.discriminator[0].type = #value
* group.population.code.coding ^slicing.discriminator[0].path = "system"
* group.population.code.coding ^slicing.rules = #open
* group.population.code.coding contains count 1..1
* group.population.code.coding[count].system 1..1
* group.population.code.coding[count].system = "https://passerelle.example/fhir/CodeSystem/indicator-count" (exactly)
* group.population.code.coding[count] from IndicatorCounts (required)
* group.stratifier 0..0
