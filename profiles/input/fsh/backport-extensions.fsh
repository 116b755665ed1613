// Extensions of Subscriptions R5 Backport 1.1.0 that are read and written here. Its guide cannot be resolved here either: their shape as
// it states it, under its URLs (docs/decisions/0006-profiles.md, 0063-subscriptions.md).

Extension: BackportTopicCanonical
Id: capabilitystatement-subscriptiontopic-canonical
Title: "Sujet d'abonnement (Backport)"
Description: "Canonical of a topic that may be subscribed to at this endpoint."
Context: CapabilityStatement.rest.resource
* insert StandIn(http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/capabilitystatement-subscriptiontopic-canonical)
* value[x] only canonical
* value[x] 1..1

Extension: BackportFilterCriteria
Id: backport-filter-criteria
Title: "Filtre d'un abonnement (Backport)"
Description: "What narrows a subscription: Type?parameter=value."
Context: Subscription.criteria
* insert StandIn(http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-filter-criteria)
* value[x] only string
* value[x] 1..1

Extension: BackportPayloadContent
Id: backport-payload-content
Title: "Contenu des notifications (Backport)"
Description: "How much a notification says: empty, id-only or full-resource."
Context: Subscription.channel.payload
* insert StandIn(http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content)
* value[x] only code
* value[x] 1..1

Extension: BackportHeartbeatPeriod
Id: backport-heartbeat-period
Title: "Période des battements (Backport)"
Description: "Seconds without an event after which a heartbeat is sent."
Context: Subscription.channel
* insert StandIn(http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-heartbeat-period)
* value[x] only unsignedInt
* value[x] 1..1

Extension: BackportTimeout
Id: backport-timeout
Title: "Délai d'un envoi (Backport)"
Description: "Seconds after which a notification that is not answered counts as failed."
Context: Subscription.channel
* insert StandIn(http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-timeout)
* value[x] only unsignedInt
* value[x] 1..1

Extension: BackportMaxCount
Id: backport-max-count
Title: "Événements par notification (Backport)"
Description: "How many events a notification holds at most."
Context: Subscription.channel
* insert StandIn(http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-max-count)
* value[x] only positiveInt
* value[x] 1..1
