/**
 * Reading the held directory by logical id. A digest cannot be turned back into a key, so the first 8 bytes of it are
 * indexed; what an index entry finds is compared with the whole id. The functions say what `longKey` of
 * src/directory/keys.ts and `logicalId` of src/fhir/key.ts say; a test holds them together.
 */
export const directoryServed = `
create function directory_long_key(key text) returns text immutable parallel safe language sql return
  case left(key, 1)
    when 'P' then 'urn:oid:1.2.250.1.71.4.2.1|' || substr(key, 2)
    when 'R' then 'https://rpps.esante.gouv.fr|' || substr(key, 2)
    when 'S' then 'urn:oid:1.2.250.1.71.4.2.2|' || substr(key, 2)
    when 'F' then 'https://finess.esante.gouv.fr|' || substr(key, 2)
    when 'N' then 'https://sirene.fr|' || substr(key, 2)
    when 'X' then 'https://passerelle.example/fhir/directory-role|' || substr(key, 2)
    when 'T' then 'https://passerelle.example/fhir/directory-structure|' || substr(key, 2)
    when 'U' then 'https://passerelle.example/fhir/directory-unseen|' || substr(key, 2)
    else key
  end;

-- decode(…, 'escape') is the way to bytes that PostgreSQL takes for immutable; a backslash is doubled for it.
create function directory_digest(kind text, key text) returns bytea immutable parallel safe language sql return
  sha256(decode(replace(kind || chr(10) || directory_long_key(key), chr(92), repeat(chr(92), 2)), 'escape'));

create function directory_id(kind text, key text) returns text immutable parallel safe language sql return
  'pas-' || left(encode(directory_digest(kind, key), 'hex'), 32);

create function directory_number(kind text, key text) returns bigint immutable parallel safe language sql return
  ('x' || encode(substr(directory_digest(kind, key), 1, 8), 'hex'))::bit(64)::bigint;

create index directory_record_number on directory_record (directory_number(kind, key));

-- Versions of a record that later runs changed, by the run that had made them.
create index directory_history_version on directory_history (((before ->> 'changed_run')::bigint), kind, key);

-- Which held records a network of the tenant publishes itself.
create index desired_key on desired (tenant, type, key);
`;
