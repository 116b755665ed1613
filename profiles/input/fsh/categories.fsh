// Categories of structures in TRE_R397, which replaces TRE_R66 (docs/decisions/0025-categories.md): the level-4 codes used
// here, each read in its owner's list with status active. `france: { categories: R397 }` of the configuration writes them.

CodeSystem: CategorieEntiteGeographique
Id: tre-r397-categorie-entite-geographique-exercice
Title: "TRE_R397-CategorieEntiteGeographiqueExercice (extrait)"
Description: "Category of a place of care in FINESS (ANS), successor of TRE_R66: codes of its fourth level."
* insert Fragment(https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r397-categorie-entite-geographique-exercice, 1.2.250.1.213.1.6.1.378)
* #101
* #101 ^definition = "Centre hospitalier régional"
* #109
* #109 ^definition = "Établissement de soins de suite privé"
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
* #500
* #500 ^definition = "EHPAD"
* #603
* #603 ^definition = "Maison de santé"
* #604
* #604 ^definition = "Communauté professionnelle territoriale de santé"
* #606
* #606 ^definition = "Dispositif d'appui à la coordination"
* #607
* #607 ^definition = "Groupement régional d'appui au développement de la e-santé"
* #611
* #611 ^definition = "Laboratoire de biologie médicale"
* #617
* #617 ^definition = "Soins non programmés (617)"
* #618
* #618 ^definition = "Soins non programmés (618)"
* #620
* #620 ^definition = "Pharmacie d'officine"
* #647
* #647 ^definition = "Équipe de soins spécialisés"
* #648
* #648 ^definition = "Structure contribuant au service d'accès aux soins"
* #696
* #696 ^definition = "Groupement de coopération sanitaire de moyens"
* #697
* #697 ^definition = "Groupement de coopération sanitaire, établissement de santé"

ValueSet: StructureCategoriesR397
Id: structure-category-r397
Title: "Catégorie d'établissement (TRE_R397)"
* insert ClosedOf([[Catégorie d'établissement (TRE_R397)]], $R397)
