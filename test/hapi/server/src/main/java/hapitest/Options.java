package hapitest;

import java.nio.file.Files;
import java.nio.file.Path;

/** Command line: --name=value; a bare --name means true. */
final class Options {
	String host = "127.0.0.1";
	/** 0: any free port, see --url-file. */
	int port = 0;
	String urlFile;
	String db = "jdbc:h2:mem:hapi;DB_CLOSE_DELAY=-1";
	String dbUser = "sa";
	String dbPassword = "";
	int pool = 20;
	int threads = 60;
	boolean cascade = false;
	boolean validateRequests = false;
	boolean refOnWrite = true;
	boolean refOnDelete = true;
	int bulkFileCapacity = 1000;
	long jobTickMs = 500;
	/** How long a finished search may be reused for the same query; HAPI's default of 60000 hides fresh writes. */
	long searchCacheMs = 0;
	/** Largest page; HAPI's default is 50. */
	int maxPageSize = 200;
	/** Client ids: any (also all digits), alphanumeric (HAPI's default, one letter at least) or none (the server gives ids). */
	String idStrategy = "any";
	/** Understand "X-Retry-On-Version-Conflict: retry; max-retries=10". */
	boolean retryHeader = true;
	/** Leave when standard input ends, so that a killed parent leaves no server behind. */
	boolean exitWithStdin = false;

	static Options parse(String[] args) {
		Options o = new Options();
		for (String a : args) {
			if (!a.startsWith("--")) throw new IllegalArgumentException("expected --name=value: " + a);
			int eq = a.indexOf('=');
			o.set(a.substring(2, eq < 0 ? a.length() : eq), eq < 0 ? "true" : a.substring(eq + 1));
		}
		return o;
	}

	private void set(String name, String v) {
		switch (name) {
			case "host" -> host = v;
			case "port" -> port = Integer.parseInt(v);
			case "url-file" -> urlFile = v;
			case "db" -> db = v;
			case "db-user" -> dbUser = v;
			case "db-password" -> dbPassword = v;
			case "pool" -> pool = Integer.parseInt(v);
			case "threads" -> threads = Integer.parseInt(v);
			case "cascade" -> cascade = Boolean.parseBoolean(v);
			case "validate-requests" -> validateRequests = Boolean.parseBoolean(v);
			case "ref-on-write" -> refOnWrite = Boolean.parseBoolean(v);
			case "ref-on-delete" -> refOnDelete = Boolean.parseBoolean(v);
			case "bulk-file-capacity" -> bulkFileCapacity = Integer.parseInt(v);
			case "job-tick-ms" -> jobTickMs = Long.parseLong(v);
			case "search-cache-ms" -> searchCacheMs = Long.parseLong(v);
			case "max-page-size" -> maxPageSize = Integer.parseInt(v);
			case "id-strategy" -> idStrategy = v;
			case "retry-header" -> retryHeader = Boolean.parseBoolean(v);
			case "exit-with-stdin" -> exitWithStdin = Boolean.parseBoolean(v);
			case "defaults" -> defaults();
			default -> throw new IllegalArgumentException("unknown option: --" + name);
		}
	}

	/** What a site gets that changes nothing in HAPI's own settings. */
	private void defaults() {
		searchCacheMs = 60_000;
		maxPageSize = 50;
		idStrategy = "alphanumeric";
		retryHeader = false;
	}

	/** Written aside and renamed, so that a reader never sees half a line. */
	void announce(String base) throws java.io.IOException {
		if (urlFile == null) return;
		Path file = Path.of(urlFile).toAbsolutePath();
		Path draft = file.resolveSibling(file.getFileName() + ".draft");
		Files.writeString(draft, base + "\n");
		Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
	}
}
