// Fragments of French and IHE lists: the codes this product uses, under their owners' URLs, so that validators without a
// terminology server can tell a known code from an unknown one. Owners: ANS (TRE), Interop'Santé (FR Core), IHE (mCSD).
// A code is added here only after it was read in its owner's list. Glosses stand in `definition`, never in `display`:
// the owners alone say what a display is, and a validator would refuse a true one that differs from ours.

RuleSet: Fragment(url, oid)
* ^url = "{url}"
* ^status = #active
* ^experimental = false
* ^caseSensitive = true
* ^content = #fragment
* ^identifier.system = "urn:ietf:rfc:3986"
* ^identifier.value = "urn:oid:{oid}"

RuleSet: FragmentWithoutOid(url)
* ^url = "{url}"
* ^status = #active
* ^experimental = false
* ^caseSensitive = true
* ^content = #fragment

CodeSystem: SecteurActivite
Id: tre-r02-secteur-activite
Title: "TRE_R02-SecteurActivite (extrait)"
Description: "Sector of activity of a structure (ANS)."
* insert Fragment(https://mos.esante.gouv.fr/NOS/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite, 1.2.250.1.71.4.2.4)
* #SA01
* #SA01 ^definition = "Établissement public de santé"
* #SA03
* #SA03 ^definition = "Établissement privé de santé (SA03)"
* #SA04
* #SA04 ^definition = "Établissement privé de santé (SA04)"
* #SA05
* #SA05 ^definition = "Centre de santé"
* #SA07
* #SA07 ^definition = "Cabinet individuel"
* #SA08
* #SA08 ^definition = "Cabinet de groupe"
* #SA09
* #SA09 ^definition = "Exercice en société"
* #SA17
* #SA17 ^definition = "EHPAD"
* #SA25
* #SA25 ^definition = "Laboratoire"
* #SA33
* #SA33 ^definition = "Officine"

// TRE_R13-CommuneOM (INSEE codes of communes) is used without being shipped: any code is taken, none is checked.

CodeSystem: RegionOM
Id: tre-r30-region-om
Title: "TRE_R30-RegionOM (extrait)"
Description: "Region by INSEE code (ANS, INSEE); the directories carry it as meta.tag."
* insert Fragment(https://mos.esante.gouv.fr/NOS/TRE_R30-RegionOM/FHIR/TRE-R30-RegionOM, 1.2.250.1.213.2.25)
* #01
* #01 ^definition = "Guadeloupe"
* #02
* #02 ^definition = "Martinique"
* #03
* #03 ^definition = "Guyane"
* #04
* #04 ^definition = "La Réunion"
* #06
* #06 ^definition = "Mayotte"
* #11
* #11 ^definition = "Île-de-France"
* #24
* #24 ^definition = "Centre-Val de Loire"
* #27
* #27 ^definition = "Bourgogne-Franche-Comté"
* #28
* #28 ^definition = "Normandie"
* #32
* #32 ^definition = "Hauts-de-France"
* #44
* #44 ^definition = "Grand Est"
* #52
* #52 ^definition = "Pays de la Loire"
* #53
* #53 ^definition = "Bretagne"
* #75
* #75 ^definition = "Nouvelle-Aquitaine"
* #76
* #76 ^definition = "Occitanie"
* #84
* #84 ^definition = "Auvergne-Rhône-Alpes"
* #93
* #93 ^definition = "Provence-Alpes-Côte d'Azur"
* #94
* #94 ^definition = "Corse"

CodeSystem: SpecialiteOrdinale
Id: tre-r38-specialite-ordinale
Title: "TRE_R38-SpecialiteOrdinale (extrait)"
Description: "Specialty of a professional as its order registers it (ANS)."
* insert Fragment(https://mos.esante.gouv.fr/NOS/TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale, 1.2.250.1.213.2.28)
* #SM14
* #SM14 ^definition = "Chirurgie viscérale et digestive"
* #SM16
* #SM16 ^definition = "Endocrinologie et métabolisme"
* #SM24
* #SM24 ^definition = "Gastro-entérologie et hépatologie"
* #SM26
* #SM26 ^definition = "Qualifié en médecine générale"
* #SM42
* #SM42 ^definition = "Psychiatrie"
* #SM53
* #SM53 ^definition = "Spécialiste en médecine générale"
* #SM54
* #SM54 ^definition = "Médecine générale"
* #SM62
* #SM62 ^definition = "Endocrinologie-diabétologie-nutrition"
* #SI01
* #SI01 ^definition = "Infirmier en pratique avancée, pathologies chroniques"
* #SI04
* #SI04 ^definition = "Infirmier en pratique avancée, santé mentale"

CodeSystem: CategorieEtablissement
Id: tre-r66-categorie-etablissement
Title: "TRE_R66-CategorieEtablissement (extrait)"
Description: "Category of a structure in FINESS (ANS). 604: FINESS holds the legal entity and the seat only, never the members."
* insert Fragment(https://mos.esante.gouv.fr/NOS/TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement, 1.2.250.1.213.1.6.1.8)
* #101
* #101 ^definition = "Centre hospitalier régional"
* #109
* #109 ^definition = "Établissement de soins de suite privé (ancienne catégorie)"
* #124
* #124 ^definition = "Centre de santé"
* #128
* #128 ^definition = "Établissement de soins chirurgicaux"
* #129
* #129 ^definition = "Établissement de soins médicaux"
* #156
* #156 ^definition = "Centre médico-psychologique"
* #292
* #292 ^definition = "Centre hospitalier spécialisé, maladies mentales"
* #355
* #355 ^definition = "Centre hospitalier"
* #365
* #365 ^definition = "Établissement de soins pluridisciplinaires"
* #603
* #603 ^definition = "Maison de santé"
* #604
* #604 ^definition = "Communauté professionnelle territoriale de santé"
* #606
* #606 ^definition = "Dispositif d'appui à la coordination"
* #607
* #607 ^definition = "Groupement régional d'appui au développement de la e-santé"
* #617
* #617 ^definition = "Soins non programmés (617)"
* #618
* #618 ^definition = "Soins non programmés (618)"
* #647
* #647 ^definition = "Équipe de soins spécialisés"
* #648
* #648 ^definition = "Structure contribuant au service d'accès aux soins"
* #696
* #696 ^definition = "Groupement de coopération sanitaire (696)"
* #697
* #697 ^definition = "Groupement de coopération sanitaire (697)"

CodeSystem: RolePriseCharge
Id: tre-r85-role-prise-charge
Title: "TRE_R85-RolePriseCharge (extrait)"
Description: "Role in a patient's care (ANS)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_R85-RolePriseCharge/FHIR/TRE-R85-RolePriseCharge)
* #330
* #330 ^definition = "Coordonnateur de parcours"
* #353
* #353 ^definition = "Membre de l'équipe de soins"

CodeSystem: UsagerTitre
Id: tre-r95-usager-titre
Title: "TRE_R95-UsagerTitre (extrait)"
Description: "Titles of professionals that are not health professions (ANS)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_R95-UsagerTitre/FHIR/TRE-R95-UsagerTitre)
* #93
* #93 ^definition = "Psychologue"

CodeSystem: ActiviteOperationnelle
Id: tre-r211-activite-operationnelle
Title: "TRE_R211-ActiviteOperationnelle (extrait)"
Description: "Operational activity of a unit (ANS, ROR)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_R211-ActiviteOperationnelle/FHIR/TRE-R211-ActiviteOperationnelle)
* #017
* #017 ^definition = "Chirurgie de l'obésité (bariatrique)"
* #099
* #099 ^definition = "Médecine de l'obésité"

CodeSystem: ChampActivite
Id: tre-r227-champ-activite
Title: "TRE_R227-ChampActivite (extrait)"
Description: "Field of activity of an offer (ANS, ROR)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_R227-ChampActivite/FHIR/TRE-R227-ChampActivite)
* #01
* #01 ^definition = "Médecine, chirurgie, obstétrique"
* #02
* #02 ^definition = "Soins médicaux et de réadaptation"
* #03
* #03 ^definition = "Psychiatrie"
* #04
* #04 ^definition = "Médico-social"
* #05
* #05 ^definition = "Ville"
* #06
* #06 ^definition = "Social"

CodeSystem: CategorieOrganisation
Id: tre-r244-categorie-organisation
Title: "TRE_R244-CategorieOrganisation (extrait)"
Description: "Category of the organisation of an offer (ANS, ROR)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_R244-CategorieOrganisation/FHIR/TRE-R244-CategorieOrganisation)
* #10
* #10 ^definition = "CMP adulte"
* #69
* #69 ^definition = "Consultation externe"
* #92
* #92 ^definition = "Soins non programmés de ville"
* #99
* #99 ^definition = "Maison de santé pluriprofessionnelle"
* #153
* #153 ^definition = "Chirurgie viscérale"
* #167
* #167 ^definition = "Endocrinologie, diabétologie, nutrition"
* #174
* #174 ^definition = "Psychiatrie adulte"
* #178
* #178 ^definition = "Dispositif d'appui à la coordination"
* #191
* #191 ^definition = "Cabinet de diététique"
* #196
* #196 ^definition = "Cabinet de médecine générale"
* #208
* #208 ^definition = "Cabinet de psychiatrie"
* #215
* #215 ^definition = "Cabinet d'endocrinologie"
* #225
* #225 ^definition = "Cabinet infirmier"
* #255
* #255 ^definition = "CPTS"
* #281
* #281 ^definition = "CMP enfant"
* #306
* #306 ^definition = "IPA santé mentale"
* #307
* #307 ^definition = "Unité d'éducation thérapeutique"
* #315
* #315 ^definition = "Équipe de soins spécialisés"

CodeSystem: RelationPriseCharge
Id: tre-r258-relation-prise-charge
Title: "TRE_R258-RelationPriseCharge (extrait)"
Description: "Relation of a party to a patient's care (ANS)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_R258-RelationPriseCharge/FHIR/TRE-R258-RelationPriseCharge)
* #CORRE
* #CORRE ^definition = "Correspondant"
* #ST-COORD
* #ST-COORD ^definition = "Structure de coordination"

CodeSystem: ParticipationFunction
Id: tre-r259-hl7-participation-function
Title: "TRE_R259-HL7ParticipationFunction (extrait)"
Description: "Function of a party in a patient's care (ANS)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_R259-HL7ParticipationFunction/FHIR/TRE-R259-HL7ParticipationFunction)
* #PCP
* #PCP ^definition = "Médecin traitant"

CodeSystem: NiveauExpertise
Id: tre-r344-niveau-expertise
Title: "TRE_R344-NiveauExpertise (extrait)"
Description: "Level of expertise of an offer (ANS, ROR)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_R344-NiveauExpertise/FHIR/TRE-R344-NiveauExpertise)
* #22
* #22 ^definition = "SMR, réadaptation des obésités complexes"
* #27
* #27 ^definition = "Premier recours"
* #28
* #28 ^definition = "Deuxième recours"
* #29
* #29 ^definition = "Troisième recours"
* #35
* #35 ^definition = "Réhabilitation psychosociale (35)"
* #36
* #36 ^definition = "Réhabilitation psychosociale (36)"
* #39
* #39 ^definition = "Filière Obésité – niveau 1 conventionné CSO"
* #40
* #40 ^definition = "Filière Obésité – niveau 2 conventionné CSO"
* #41
* #41 ^definition = "Filière Obésité – niveau 3 conventionné CSO"
* #42
* #42 ^definition = "Filière Obésité – niveau 3 (Centre Spécialisé Obésité)"

CodeSystem: TypeMessagerie
Id: tre-r256-type-messagerie
Title: "TRE_R256-TypeMessagerie (extrait)"
Description: "Kind of a mail service (ANS)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_R256-TypeMessagerie/FHIR/TRE-R256-TypeMessagerie)
* #MSSANTE
* #MSSANTE ^definition = "Messagerie sécurisée de santé (espace de confiance MSSanté)"

CodeSystem: Engagement
Id: tre-r395-engagement
Title: "TRE_R395-Engagement (extrait)"
Description: "Commitments of structures registered in FINESS+ (ANS); it has no code for a CSO agreement (see agreement-type)."
* insert Fragment(https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r395-engagement, 1.2.250.1.213.1.6.1.376)
* #ACI
* #ACI ^definition = "Contrat tripartite CPTS, assurance maladie, ARS"
* #CPM
* #CPM ^definition = "Contrat pluriannuel d'objectifs et de moyens"
* #DIS
* #DIS ^definition = "Article 51"

CodeSystem: ProfessionSante
Id: tre-g15-profession-sante
Title: "TRE_G15-ProfessionSante (extrait)"
Description: "Health profession (ANS)."
* insert Fragment(https://mos.esante.gouv.fr/NOS/TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante, 1.2.250.1.71.1.2.7)
* #10
* #10 ^definition = "Médecin"
* #21
* #21 ^definition = "Pharmacien"
* #60
* #60 ^definition = "Infirmier"
* #69
* #69 ^definition = "Infirmier psychiatrique"
* #70
* #70 ^definition = "Masseur-kinésithérapeute"
* #95
* #95 ^definition = "Diététicien"

CodeSystem: ClasseDocument
Id: tre-a03-classe-document
Title: "TRE_A03-ClasseDocument (extrait)"
Description: "Class of a document (ANS, JDV_J06)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument)
* #10
* #10 ^definition = "Compte rendu"
* #11
* #11 ^definition = "Synthèse"
* #44
* #44 ^definition = "Plan"
* #95
* #95 ^definition = "Attestation ou notification"

CodeSystem: TypeDocComplementaire
Id: tre-a05-type-doc-complementaire
Title: "TRE_A05-TypeDocComplementaire (extrait)"
Description: "Document types that LOINC has no code for (ANS)."
* insert FragmentWithoutOid(https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire)
* #SYNTH
* #SYNTH ^definition = "Synthèse"

CodeSystem: FrIdentifierTypes
Id: fr-core-cs-v2-0203
Title: "FR Core, types d'identifiants (extrait)"
Description: "Identifier types of FR Core (Interop'Santé)."
* insert FragmentWithoutOid(https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203)
* #IDNST
* #IDNST ^definition = "Identifiant national de structure"
* #FINEJ
* #FINEJ ^definition = "FINESS entité juridique"
* #FINEG
* #FINEG ^definition = "FINESS entité géographique"
* #SIREN
* #SIREN ^definition = "Identifiant SIREN"
* #SIRET
* #SIRET ^definition = "Identifiant SIRET"
* #INTRN
* #INTRN ^definition = "Identifiant interne"
* #IDNPS
* #IDNPS ^definition = "Identifiant national de professionnel de santé"
* #RPPS
* #RPPS ^definition = "N° RPPS"
* #INS-NIR
* #INS-NIR ^definition = "INS-NIR"
* #INS-NIA
* #INS-NIA ^definition = "INS-NIA"
* #INS-NIR-TEST
* #INS-NIR-TEST ^definition = "INS-NIR de test"
* #INS-NIR-DEMO
* #INS-NIR-DEMO ^definition = "INS-NIR de démonstration"
* #INS-C
* #INS-C ^definition = "INS calculé"

CodeSystem: FrOrganizationTypes
Id: fr-core-cs-v2-3307
Title: "FR Core, types d'organisation (extrait)"
Description: "Organisation types of FR Core (Interop'Santé)."
* insert FragmentWithoutOid(https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-3307)
* #GHT
* #GHT ^definition = "Groupement hospitalier de territoire"
* #LEGAL-ENTITY
* #LEGAL-ENTITY ^definition = "Entité juridique"
* #GEOGRAPHICAL-ENTITY
* #GEOGRAPHICAL-ENTITY ^definition = "Entité géographique"
* #GROUP
* #GROUP ^definition = "Groupement"
* #STRUCT-INTERNE
* #STRUCT-INTERNE ^definition = "Structure interne"
* #SECTEUR
* #SECTEUR ^definition = "Secteur"
* #DEPARTEMENT
* #DEPARTEMENT ^definition = "Département"
* #SERVICE
* #SERVICE ^definition = "Service"
* #UM
* #UM ^definition = "Unité médicale"
* #UAC
* #UAC ^definition = "Unité UAC"
* #POLE
* #POLE ^definition = "Pôle"
* #CENTRE-RESP
* #CENTRE-RESP ^definition = "Centre de responsabilité"
* #CENTRE-ACTIVITE
* #CENTRE-ACTIVITE ^definition = "Centre d'activité"
* #UF
* #UF ^definition = "Unité fonctionnelle"

CodeSystem: FrIdentityStatus
Id: fr-core-cs-identity-status
Title: "FR Core, statut de l'identité"
Description: "The four confidence statuses of an identity (RNIV, EXI SI 07; Interop'Santé)."
* insert FragmentWithoutOid(https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-identity-status)
* #PROV
* #PROV ^definition = "Identité provisoire"
* #RECUP
* #RECUP ^definition = "Identité récupérée"
* #VALI
* #VALI ^definition = "Identité validée"
* #QUAL
* #QUAL ^definition = "Identité qualifiée"

CodeSystem: McsdTypes
Id: ihe-mcsd-organization-location-types
Title: "mCSD, types d'organisations et de lieux (extrait)"
Description: "Specialised Organization and Location types of IHE mCSD."
* insert FragmentWithoutOid(https://profiles.ihe.net/ITI/mCSD/CodeSystem/IHE.mCSD.Organization.Location.Types)
* #facility
* #facility ^definition = "Facility"
* #jurisdiction
* #jurisdiction ^definition = "Jurisdiction"

CodeSystem: MhdListTypes
Id: ihe-mhd-list-types
Title: "MHD, types de listes (extrait)"
Description: "What a List is in IHE MHD."
* insert FragmentWithoutOid(https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes)
* #submissionset
* #submissionset ^definition = "SubmissionSet as a FHIR List"

CodeSystem: IheFormatCodes
Id: ihe-format-codes
Title: "IHE, formats de document (extrait)"
Description: "How a document is built (IHE)."
* insert FragmentWithoutOid(http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode)
* #urn:ihe:iti:xds:2017:mimeTypeSufficient
* #urn:ihe:iti:xds:2017:mimeTypeSufficient ^definition = "The media type says all"

CodeSystem: IheFormatCode
Id: tre-a11-ihe-format-code
Title: "TRE_A11-IheFormatCode (extrait)"
Description: "How a document is built (ANS, after IHE)."
* insert Fragment(https://mos.esante.gouv.fr/NOS/TRE_A11-IheFormatCode/FHIR/TRE-A11-IheFormatCode, 1.3.6.1.4.1.19376.1.2.3)
* #urn:ihe:iti:xds-sd:pdf:2008
* #urn:ihe:iti:xds-sd:pdf:2008 ^definition = "Document à corps non structuré en PDF/A-1"

CodeSystem: CadreExercice
Id: tre-a01-cadre-exercice
Title: "TRE_A01-CadreExercice (extrait)"
Description: "Setting of care that a document comes from (ANS)."
* insert Fragment(https://mos.esante.gouv.fr/NOS/TRE_A01-CadreExercice/FHIR/TRE-A01-CadreExercice, 1.2.250.1.213.1.1.4.9)
* #AMBULATOIRE
* #AMBULATOIRE ^definition = "Ambulatoire"
* #ETABLISSEMENT
* #ETABLISSEMENT ^definition = "Établissement de santé"
* #SAD
* #SAD ^definition = "Soins à domicile"
