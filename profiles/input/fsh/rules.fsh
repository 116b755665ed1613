// What several profiles share.

// IHE mCSD (MCSD-07): implicitRules and modifierExtension are forbidden everywhere in a directory.
RuleSet: DirectoryResource
* ^status = #active
* ^experimental = false
* implicitRules 0..0
* modifierExtension 0..0

RuleSet: ClinicalResource
* ^status = #active
* ^experimental = false
* implicitRules 0..0
* modifierExtension 0..0

// Identifiers are sliced by their system; systems shared by two kinds of number are told apart by a required type.
RuleSet: IdentifierBySystem
* identifier ^slicing.discriminator[0].type = #value
* identifier ^slicing.discriminator[0].path = "system"
* identifier ^slicing.rules = #open
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1

// A slice of CodeableConcepts that carry one coding of one system, its codes out of a closed value set.
RuleSet: SlicedByCodeSystem(path)
* {path} ^slicing.discriminator[0].type = #value
* {path} ^slicing.discriminator[0].path = "coding.system"
* {path} ^slicing.rules = #open

RuleSet: CodedSlice(path, slice, system, valueset)
* {path}[{slice}] from {valueset} (required)
* {path}[{slice}].coding 1..1
* {path}[{slice}].coding.system 1..1
* {path}[{slice}].coding.system = "{system}" (exactly)
* {path}[{slice}].coding.code 1..1

RuleSet: NationalStructureIdentifiers
* identifier contains idNatSt 0..1 and finess 0..* and sirene 0..*
* identifier[idNatSt].system = $idNatSt (exactly)
* identifier[idNatSt].type = $frIdType#IDNST
* identifier[idNatSt].type from IdentifierTypes (required)
* identifier[finess].system = $finess (exactly)
* identifier[finess].type 1..1
* identifier[finess].type from FinessTypes (required)
* identifier[finess].value obeys pas-finess-form
* identifier[sirene].system = $sirene (exactly)
* identifier[sirene].type 1..1
* identifier[sirene].type from SireneTypes (required)
* identifier[sirene] obeys pas-sirene-form

RuleSet: NetworkIdentifier(min, max)
* identifier contains network {min}..{max}
* identifier[network] ^short = "Business key of the network's own things: the network id, then paths below it"
* identifier[network].system = $network (exactly)

Invariant: pas-finess-form
Description: "FINESS number: nine digits, or 2A or 2B and seven digits. Check digits are a matter for warnings (some official examples fail them)."
Severity: #error
Expression: "$this.matches('^([0-9]{9}|2[AB][0-9]{7})$')"

Invariant: pas-sirene-form
Description: "SIREN: nine digits; SIRET: fourteen."
Severity: #error
Expression: "value.matches('^([0-9]{9}|[0-9]{14})$') and (type.coding.where(code = 'SIREN').exists() implies value.length() = 9) and (type.coding.where(code = 'SIRET').exists() implies value.length() = 14)"

Invariant: pas-rpps-form
Description: "RPPS number: eleven digits."
Severity: #error
Expression: "$this.matches('^[0-9]{11}$')"

// A mailbox of the trusted space says so; other addresses say nothing.
RuleSet: Mailboxes
* telecom.extension contains FrContactPointEmailType named emailType 0..1
* telecom.extension[emailType].valueCoding from MailboxTypes (required)

// The region a thing is found by (ROR): a tag beside those of whoever manages it.
RuleSet: RegionTag
* meta.tag ^slicing.discriminator[0].type = #value
* meta.tag ^slicing.discriminator[0].path = "system"
* meta.tag ^slicing.rules = #open
* meta.tag contains region 0..1
* meta.tag[region] from Regions (required)
* meta.tag[region].system 1..1
* meta.tag[region].system = $R30 (exactly)
* meta.tag[region].code 1..1
