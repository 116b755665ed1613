package hapitest;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.parser.LenientErrorHandler;
import ca.uhn.fhir.validation.FhirValidator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirDefaultPolicyAdvisor;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r5.utils.validation.IResourceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.r5.utils.validation.constants.ReferenceValidationPolicy;

/**
 * Offline R4 validation with HAPI's FhirInstanceValidator (HL7's own InstanceValidator underneath).
 *   Validate [--rounds=N] IG-FOLDER FILE...
 * Each file is one resource; a Bundle is validated as a Bundle. An unknown profile or extension is an error.
 * stdout: for each file one line {"source", "ms", "outcome": OperationOutcome}; "ms" is what the last of the rounds took. Exit: 0 when it ran, 2 on wrong use.
 */
public final class Validate {
	private final FhirContext fhir = FhirContext.forR4();
	private final ObjectMapper json = new ObjectMapper();
	private final FhirValidator validator = fhir.newValidator();

	private Validate(Path ig) throws IOException {
		fhir.setParserErrorHandler(new LenientErrorHandler(false).setErrorOnInvalidValue(false));
		PrePopulatedValidationSupport ours = new PrePopulatedValidationSupport(fhir);
		try (Stream<Path> files = Files.list(ig)) {
			for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
				ours.addResource(fhir.newJsonParser().parseResource(Files.readString(file)));
			}
		}
		FhirInstanceValidator module = new FhirInstanceValidator(new ValidationSupportChain(
				ours,
				new DefaultProfileValidationSupport(fhir),
				new CommonCodeSystemsTerminologyService(fhir),
				new InMemoryTerminologyServerValidationSupport(fhir),
				new SnapshotGeneratingValidationSupport(fhir),
				unknownSystemsAsWarnings()));
		// the default ignores references altogether; this one checks the type that a reference names
		module.setValidatorPolicyAdvisor(new FhirDefaultPolicyAdvisor() {
			@Override
			public ReferenceValidationPolicy policyForReference(
					IResourceValidator v, Object context, String path, String url, ReferenceDestinationType type) {
				return ReferenceValidationPolicy.CHECK_TYPE_IF_EXISTS;
			}
		});
		module.setValidatorResourceFetcher(new NoFetch());
		module.setAnyExtensionsAllowed(false);
		module.setErrorForUnknownProfiles(true);
		module.setNoTerminologyChecks(false);
		module.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
		validator.registerValidatorModule(module);
	}

	/** LOINC, SNOMED CT, ... are not in the jars: their codes give a warning instead of an error. */
	private IValidationSupport unknownSystemsAsWarnings() {
		UnknownCodeSystemWarningValidationSupport support = new UnknownCodeSystemWarningValidationSupport(fhir);
		support.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
		return support;
	}

	/** The outcome; what the validator throws is itself a fatal issue. */
	private OperationOutcome check(String resource) {
		try {
			return (OperationOutcome) validator.validateWithResult(resource).toOperationOutcome();
		} catch (RuntimeException e) {
			OperationOutcome outcome = new OperationOutcome();
			outcome.addIssue()
					.setSeverity(IssueSeverity.FATAL)
					.setCode(IssueType.STRUCTURE)
					.setDiagnostics(String.valueOf(e.getMessage()));
			return outcome;
		}
	}

	private String line(Path file) throws IOException {
		var line = json.createObjectNode();
		String text = Files.readString(file);
		long start = System.nanoTime();
		OperationOutcome outcome = check(text);
		line.put("source", file.toString());
		line.put("ms", (System.nanoTime() - start) / 1e6);
		line.set("outcome", json.readTree(fhir.newJsonParser().encodeResourceToString(outcome)));
		return json.writeValueAsString(line);
	}

	public static void main(String[] args) throws IOException {
		int rounds = args.length > 0 && args[0].startsWith("--rounds=") ? Integer.parseInt(args[0].substring(9)) : 1;
		List<String> rest = List.of(args).stream().filter(arg -> !arg.startsWith("--rounds=")).toList();
		if (rest.size() < 2) {
			System.err.println("Validate [--rounds=N] IG-FOLDER FILE...");
			System.exit(2);
		}
		Validate validate = new Validate(Path.of(rest.get(0)));
		// one buffered stream in UTF-8, whatever the locale of the machine
		PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
		List<String> files = rest.subList(1, rest.size());
		for (int round = 1; round < rounds; round++) {
			for (String file : files) validate.check(Files.readString(Path.of(file)));
		}
		for (String file : files) out.println(validate.line(Path.of(file)));
		out.flush();
		System.exit(0);
	}
}
