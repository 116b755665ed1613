package hapitest;

import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.batch2.jobs.export.BulkDataExportProvider;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.interceptor.UserRequestRetryVersionConflictsInterceptor;
import ca.uhn.fhir.jpa.provider.DiffProvider;
import ca.uhn.fhir.jpa.provider.IJpaSystemProvider;
import ca.uhn.fhir.jpa.provider.ValueSetOperationProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.rest.server.HardcodedServerAddressStrategy;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.interceptor.RequestValidatingInterceptor;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import ca.uhn.fhir.validation.IValidatorModule;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/** Real HAPI FHIR R4 JPA server for integration tests: embedded Jetty, base path /fhir, loopback only. */
public final class HapiServer {
	private HapiServer() {}

	public static void main(String[] args) throws Exception {
		long t0 = System.nanoTime();
		Options o = Options.parse(args);

		AnnotationConfigApplicationContext ctx = new AnnotationConfigApplicationContext();
		ctx.registerBean(Options.class, () -> o);
		ctx.register(HapiConfig.class);
		ctx.refresh();

		RestfulServer fhir = fhirServlet(ctx, o);
		Server jetty = new Server(new QueuedThreadPool(o.threads, 8));
		HttpConfiguration http = new HttpConfiguration();
		http.setSendServerVersion(false);
		http.setRequestHeaderSize(32 * 1024);
		ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
		connector.setHost(o.host);
		connector.setPort(o.port);
		jetty.addConnector(connector);
		ServletContextHandler web = new ServletContextHandler("/");
		ServletHolder holder = new ServletHolder(fhir);
		holder.setInitOrder(1); // init() before the port opens
		web.addServlet(holder, "/fhir/*");
		jetty.setHandler(web);
		jetty.setStopTimeout(3000);
		jetty.start();

		String base = "http://" + o.host + ":" + connector.getLocalPort() + "/fhir";
		fhir.setServerAddressStrategy(new HardcodedServerAddressStrategy(base));
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			try {
				jetty.stop();
			} catch (Exception ignored) {
				// going down anyway
			}
			ctx.close();
		}));
		if (o.exitWithStdin) exitWithStdin();
		o.announce(base);
		System.out.printf("HAPI-READY %s %.1fs pid=%d%n", base, (System.nanoTime() - t0) / 1e9, ProcessHandle.current().pid());
		System.out.flush();
		jetty.join();
	}

	private static void exitWithStdin() {
		Thread watch = new Thread(() -> {
			try {
				while (System.in.read() >= 0) { /* nothing is expected */ }
			} catch (java.io.IOException closed) {
				// as good as the end
			}
			System.exit(0);
		}, "stdin-watch");
		watch.setDaemon(true);
		watch.start();
	}

	private static RestfulServer fhirServlet(AnnotationConfigApplicationContext ctx, Options o) {
		IFhirSystemDao<?, ?> systemDao = ctx.getBean(IFhirSystemDao.class);
		FhirContext fc = ctx.getBean(FhirContext.class);
		RestfulServer s = new RestfulServer(fc);
		ctx.getAutowireCapableBeanFactory().autowireBean(s);
		s.registerProviders(ctx.getBean(ResourceProviderFactory.class).createProviders());
		s.registerProvider(ctx.getBean(IJpaSystemProvider.class));
		s.registerProvider(ctx.getBean(ValueSetOperationProvider.class));
		s.registerProvider(ctx.getBean(DiffProvider.class));
		s.registerProvider(ctx.getBean(BulkDataExportProvider.class));
		JpaCapabilityStatementProvider conf = new JpaCapabilityStatementProvider(
				s, systemDao, ctx.getBean(JpaStorageSettings.class),
				ctx.getBean(ISearchParamRegistry.class), ctx.getBean(IValidationSupport.class));
		conf.setImplementationDescription("HAPI FHIR R4 test server");
		s.setServerConformanceProvider(conf);
		DatabaseBackedPagingProvider paging = ctx.getBean(DatabaseBackedPagingProvider.class);
		paging.setMaximumPageSize(o.maxPageSize);
		s.setPagingProvider(paging);
		s.setDefaultPrettyPrint(false);
		s.setDefaultResponseEncoding(ca.uhn.fhir.rest.api.EncodingEnum.JSON);
		if (o.retryHeader) {
			s.registerInterceptor(new UserRequestRetryVersionConflictsInterceptor());
		}
		if (o.cascade) {
			s.registerInterceptor(ctx.getBean(ca.uhn.fhir.jpa.interceptor.CascadingDeleteInterceptor.class));
		}
		if (o.validateRequests) {
			RequestValidatingInterceptor v = new RequestValidatingInterceptor();
			v.setFailOnSeverity(ResultSeverityEnum.ERROR);
			v.setValidatorModules(List.of(ctx.getBean(IValidatorModule.class)));
			s.registerInterceptor(v);
		}
		return s;
	}
}
