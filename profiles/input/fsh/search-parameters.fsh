// Search parameters for what only our extensions say. What R4 names already is searched by R4's own parameters;
// `_tag` finds what Passerelle manages (managed-by).

RuleSet: Search(name, code, base, type)
* url = "https://passerelle.example/fhir/SearchParameter/{name}"
* name = "{name}"
* status = #active
* experimental = false
* code = #{code}
* base = #{base}
* type = #{type}
* xpathUsage = #normal

Instance: organization-territory
InstanceOf: SearchParameter
Usage: #definition
* insert Search(organization-territory, territory, Organization, reference)
* description = "Networks by the territory they cover."
* expression = "Organization.extension.where(url='https://passerelle.example/fhir/StructureDefinition/pas-network-territory').value"
* target = #Location

Instance: organization-stage
InstanceOf: SearchParameter
Usage: #definition
* insert Search(organization-stage, stage, Organization, token)
* description = "Networks by a stage of constitution they have reached."
* expression = "Organization.extension.where(url='https://passerelle.example/fhir/StructureDefinition/pas-constitution-stage').extension.where(url='stage').value"

Instance: organization-stage-date
InstanceOf: SearchParameter
Usage: #definition
* insert Search(organization-stage-date, stage-date, Organization, date)
* description = "Networks by the day on which they reached a stage."
* expression = "Organization.extension.where(url='https://passerelle.example/fhir/StructureDefinition/pas-constitution-stage').extension.where(url='date').value"

Instance: affiliation-agreement
InstanceOf: SearchParameter
Usage: #definition
* insert Search(affiliation-agreement, agreement, OrganizationAffiliation, token)
* description = "Affiliations by the type of the agreement they rest on."
* expression = "OrganizationAffiliation.extension.where(url='https://passerelle.example/fhir/StructureDefinition/pas-agreement').extension.where(url='type').value"

Instance: affiliation-agreement-period
InstanceOf: SearchParameter
Usage: #definition
* insert Search(affiliation-agreement-period, agreement-period, OrganizationAffiliation, date)
* description = "Affiliations by the period of their agreement: those that have expired by a day are found with eb and that day."
* expression = "OrganizationAffiliation.extension.where(url='https://passerelle.example/fhir/StructureDefinition/pas-agreement').extension.where(url='period').value"

Instance: location-commune
InstanceOf: SearchParameter
Usage: #definition
* insert Search(location-commune, commune, Location, token)
* description = "Territories by the INSEE code of a commune they name."
* expression = "Location.extension.where(url='https://passerelle.example/fhir/StructureDefinition/pas-communes').value"
