// Local code systems: what no French or international list has. Adding a code = one line here.
// Every one is complete and case-sensitive; the value set of the same id holds all of it (value-sets.fsh).

RuleSet: Complete
* ^status = #active
* ^experimental = false
* ^caseSensitive = true
* ^content = #complete

CodeSystem: NetworkTypeCodes
Id: network-type
Title: "Type de réseau"
Description: "Kind of a network Organization; FR Core has GROUP only (french-standards: organisation types hold nothing for networks)."
* insert Complete
* #cso-filiere "Filière obésité d'un centre spécialisé (CSO)"
* #cpts "Communauté professionnelle territoriale de santé"
* #ess "Équipe de soins spécialisés"
* #msp "Maison de santé pluriprofessionnelle"
* #parcours-psy-somatique "Parcours somatique en psychiatrie"

CodeSystem: AffiliationRoleCodes
Id: affiliation-role
Title: "Rôle dans le réseau"
Description: "What an establishment is for the network it is affiliated to."
* insert Complete
* #centre-pilote "Centre pilote"
* #etablissement-porteur "Établissement porteur"
* #partenaire-conventionne "Partenaire conventionné"
* #etablissement-constitutif "Établissement constitutif"
* #membre "Membre"
* #siege "Siège"
* #site-principal "Site principal"
* #site-secondaire "Site secondaire"
* #support "Structure d'appui"
* #acteur-ville "Acteur de la ville"
* #acteur-hospitalier "Acteur hospitalier"
* #acteur-medico-social "Acteur médico-social"
* #association-partenaire "Association"
* #acteur-second-recours "Acteur du second recours"
* #reseau-existant "Réseau existant"
* #demande-adhesion "Demande d'adhésion"
* #equipe-soins-primaires "Équipe de soins primaires"
* #maison-de-sante "Maison de santé pluriprofessionnelle"
* #cpts "Communauté professionnelle territoriale de santé"
* #ess "Équipe de soins spécialisés"
* #dac "Dispositif d'appui à la coordination"
* #usagers "Représentants des usagers"
* #collectivite "Collectivité territoriale"
* #entrees-hopital "Coordination des entrées à l'hôpital"
* #sorties-hopital "Coordination des sorties de l'hôpital"

CodeSystem: ConstitutionStageCodes
Id: constitution-stage
Title: "Étape de constitution"
Description: "Stage a network has reached while it is being set up (CPTS: CSP L.1434-12; ESS: CSP L.1411-11-1)."
* insert Complete
* #idee "Idée"
* #emergence "Groupe d'émergence"
* #lettre-intention "Lettre d'intention"
* #pre-projet "Pré-projet"
* #projet-de-sante-depose "Projet de santé déposé"
* #valide-ars "Projet de santé validé par l'ARS"
* #contrat-aci "Contrat tripartite ACI signé"
* #financement-amorcage "Financement d'amorçage obtenu"
* #lancement-missions "Missions lancées"
* #en-fonctionnement "En fonctionnement"

CodeSystem: MissionCodes
Id: mission
Title: "Mission"
Description: "Mission that a care offer of a network fulfils."
* insert Complete
* #acces-soins-mt "Accès aux soins et au médecin traitant"
* #soins-non-programmes "Soins non programmés"
* #parcours "Parcours pluriprofessionnels"
* #prevention "Prévention"
* #crise "Réponse aux crises sanitaires"
* #qualite "Qualité et pertinence des soins"
* #attractivite "Attractivité du territoire pour les professionnels"
* #troisieme-recours "Soins de troisième recours"
* #animation-filiere "Organisation et animation de la filière"
* #rcp "Réunion de concertation pluridisciplinaire"
* #evaluation-somatique "Évaluation somatique et réorientation"
* #coordination "Coordination des prises en charge"
* #formation "Formation et échanges de pratiques"
* #tele-expertise "Télé-expertise"
* #analyse-pratiques "Analyse et amélioration des pratiques"
* #protocoles "Élaboration de protocoles"
* #education-therapeutique "Éducation thérapeutique"
* #accueil-etudiants "Accueil d'étudiants et maîtrise de stage"

CodeSystem: MissionStatusCodes
Id: mission-status
Title: "État d'une mission"
Description: "Whether the mission of a care offer runs already."
* insert Complete
* #active "Active"
* #planned "Prévue"
* #stopped "Arrêtée"

CodeSystem: TeamCategoryCodes
Id: team-category
Title: "Catégorie d'équipe"
Description: "What a network team is for."
* insert Complete
* #rcp "Réunion de concertation pluridisciplinaire"
* #reseau "Équipe du réseau"
* #parcours "Équipe d'un parcours"

CodeSystem: AgreementTypeCodes
Id: agreement-type
Title: "Type de convention"
Description: "Agreements that TRE_R395 has no code for."
* insert Complete
* #convention-cso "Convention avec un centre spécialisé de l'obésité"
* #convention-partenariat "Convention de partenariat"

CodeSystem: ReferralCategoryCodes
Id: referral-category
Title: "Catégorie de demande"
Description: "Why an order exists: a referral between hospitals, or a step of a pathway."
* insert Complete
* #adressage "Adressage"
* #reorientation "Réorientation"
* #etape-parcours "Étape de parcours"

CodeSystem: ReferralReasonCodes
Id: referral-reason
Title: "Objet de l'adressage"
Description: "What is asked of the receiving offer."
* insert Complete
* #avis-rcp-obesite "Avis de RCP obésité"
* #evaluation-somatique "Évaluation somatique"
* #suivi-somatique "Suivi somatique"
* #avis-specialise "Avis spécialisé"
* #soins-non-programmes "Soins non programmés"
* #prise-en-charge-obesite "Prise en charge de l'obésité"
* #medecin-traitant "Recherche d'un médecin traitant"
* #sortie-hopital "Sortie d'hôpital"
* #entree-hopital "Entrée à l'hôpital"

CodeSystem: CareActivityCodes
Id: care-activity
Title: "Activité d'un protocole"
Description: "What one step of a protocol consists of."
* insert Complete
* #consultation "Consultation"
* #synthese "Synthèse"
* #prevention "Éducation et prévention"
* #reorientation "Réorientation"
* #rcp "Présentation en RCP"
* #acte "Acte"
* #avis "Avis"
* #plan "Plan personnalisé"
* #lettre "Lettre de liaison"

CodeSystem: CarePlanCategoryCodes
Id: care-plan-category
Title: "Catégorie de parcours"
Description: "Pathway a care plan follows."
* insert Complete
* #parcours "Parcours de soins"
* #parcours-coreso "Parcours Coreso"

CodeSystem: TaskPurposeCodes
Id: task-purpose
Title: "Objet d'une tâche"
Description: "Tasks of the gateway that HL7's task-code has no code for."
* insert Complete
* #identity-check "Rapprocher une identité provisoire"
* #overdue "Échéance dépassée"
* #routing "Choisir un destinataire"
* #consent-review "Revoir ce qui a été transmis"
* #acknowledge "Prendre en compte un document corrigé"
* #person-closed "Désigner un autre professionnel"
* #care-circle "Compléter le cercle de soins"

CodeSystem: TaskInputCodes
Id: task-input
Title: "Donnée d'une tâche"
Description: "What the gateway gives with a task that HL7's codes have no word for."
* insert Complete
* #circle-member "Membre du cercle de soins"

CodeSystem: ReferralStatusCodes
Id: referral-status
Title: "Avancement métier d'un adressage"
Description: "Business status of a referral Task, finer than Task.status."
* insert Complete
* #recu "Reçu"
* #en-attente-information "En attente d'information"
* #dossier-complet "Dossier complet"
* #planifie "Planifié"
* #en-cours "En cours"
* #discute "Discuté en RCP"
* #avis-rendu "Avis rendu"
* #synthese-transmise "Synthèse transmise"

CodeSystem: ConsentCategoryCodes
Id: consent-category
Title: "Nature de l'accord"
Description: "How the patient agreed when no signed attestation (LOINC 59284-0) exists (CSP L.1110-4)."
* insert Complete
* #non-opposition "Non-opposition après information"
* #consentement "Consentement préalable recueilli par tout moyen"

CodeSystem: ManagedByCodes
Id: managed-by
Title: "Géré par"
Description: "Tag on every resource the gateway publishes. It proves nothing: it can be copied."
* insert Complete
* #passerelle "Passerelle"

CodeSystem: DisciplineCodes
Id: discipline
Title: "Discipline"
Description: "Discipline a network has or works with, when it is said without naming a person or a registered specialty."
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

CodeSystem: AudienceCodes
Id: audience
Title: "Public accueilli"
Description: "Whom a care offer takes."
* insert Complete
* #adultes "Adultes"
* #enfants "Enfants"
* #tous-ages "Tous âges"
