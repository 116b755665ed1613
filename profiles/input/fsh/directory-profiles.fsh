// What national files say of people and structures (RPPS extracts, FINESS), as resources. Their codes are those of whole
// terminologies of which this guide ships fragments, so that nothing is bound: a code that is new there is not a fault here.

Profile: DirectoryPractitioner
Parent: Practitioner
Id: pas-directory-practitioner
Title: "Professionnel d'un annuaire"
Description: "A professional as a national directory shows them: no birth date, sex or private address. After as-dp-practitioner (Annuaire Santé, public data) and IHE.mCSD.Practitioner."
* insert DirectoryResource
* insert IdentifierBySystem
* identifier contains idNatPs 1..1 and rpps 0..1
* identifier[idNatPs].system = $idNatPs (exactly)
* identifier[idNatPs].type = $frIdType#IDNPS
* identifier[idNatPs].type from IdentifierTypes (required)
* identifier[rpps].system = $rpps (exactly)
* identifier[rpps].type = $frIdType#RPPS
* identifier[rpps].type from IdentifierTypes (required)
* identifier[rpps].value obeys pas-rpps-form
* active 1..1
* name 1..*
* name.family 1..1
* gender 0..0
* birthDate 0..0
* address 0..0
* photo 0..0

Profile: DirectoryRole
Parent: PractitionerRole
Id: pas-directory-role
Title: "Activité d'un professionnel dans un annuaire"
Description: "An activity as a national directory shows it. After as-dp-practitionerrole (no period) and IHE.mCSD.PractitionerRole; where a file gives an activity no number, it is identified by who, what and where."
* insert DirectoryResource
* insert IdentifierBySystem
* active 1..1
* practitioner 1..1
* code 1..*
* period 0..0

Profile: DirectoryOrganization
Parent: Organization
Id: pas-directory-organization
Title: "Structure d'un annuaire"
Description: "A legal entity, site or practice as a national directory shows it. After as-organization (Annuaire Santé) and IHE.mCSD.Organization."
* insert DirectoryResource
* insert IdentifierBySystem
* insert NationalStructureIdentifiers
* active 1..1
* name 1..1
* type 1..*
