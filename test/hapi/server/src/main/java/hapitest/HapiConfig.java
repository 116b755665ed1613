package hapitest;

import ca.uhn.fhir.batch2.jobs.config.Batch2JobsConfig;
import ca.uhn.fhir.batch2.maintenance.JobMaintenanceServiceImpl;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.config.ThreadPoolFactoryConfig;
import ca.uhn.fhir.jpa.batch2.JpaBatch2Config;
import ca.uhn.fhir.jpa.config.HapiJpaConfig;
import ca.uhn.fhir.jpa.config.r4.JpaR4Config;
import ca.uhn.fhir.jpa.config.util.HapiEntityManagerFactoryUtil;
import ca.uhn.fhir.jpa.model.config.PartitionSettings;
import ca.uhn.fhir.jpa.model.config.SubscriptionSettings;
import ca.uhn.fhir.jpa.model.dialect.HapiFhirH2Dialect;
import ca.uhn.fhir.jpa.model.dialect.HapiFhirPostgresDialect;
import ca.uhn.fhir.jpa.subscription.channel.config.SubscriptionChannelConfig;
import ca.uhn.fhir.jpa.subscription.match.config.SubscriptionProcessorConfig;
import ca.uhn.fhir.jpa.subscription.match.deliver.email.IEmailSender;
import ca.uhn.fhir.jpa.subscription.submit.config.SubscriptionSubmitterConfig;
import jakarta.persistence.EntityManagerFactory;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.hl7.fhir.dstu2.model.Subscription.SubscriptionChannelType;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/** R4 is chosen by JpaR4Config. Everything a test may want to turn is in this file. */
@Configuration
@Import({
	JpaR4Config.class, HapiJpaConfig.class, ThreadPoolFactoryConfig.class,
	JpaBatch2Config.class, Batch2JobsConfig.class,
	SubscriptionSubmitterConfig.class, SubscriptionProcessorConfig.class, SubscriptionChannelConfig.class
})
class HapiConfig {

	@Bean(destroyMethod = "close")
	BasicDataSource dataSource(Options o) {
		BasicDataSource ds = new BasicDataSource();
		ds.setUrl(o.db);
		ds.setUsername(o.dbUser);
		ds.setPassword(o.dbPassword);
		ds.setMaxTotal(o.pool);
		ds.setMaxIdle(o.pool);
		return ds;
	}

	@Bean
	@Primary
	LocalContainerEntityManagerFactoryBean entityManagerFactory(
			Options o, DataSource ds, ConfigurableListableBeanFactory bf, FhirContext fc, JpaStorageSettings settings) {
		Properties p = new Properties();
		p.put("hibernate.dialect", (o.db.startsWith("jdbc:postgresql:") ? HapiFhirPostgresDialect.class : HapiFhirH2Dialect.class).getName());
		p.put("hibernate.hbm2ddl.auto", "update");
		p.put("hibernate.jdbc.batch_size", "20");
		p.put("hibernate.cache.use_query_cache", "false");
		p.put("hibernate.cache.use_second_level_cache", "false");
		p.put("hibernate.search.enabled", "false");
		LocalContainerEntityManagerFactoryBean f = HapiEntityManagerFactoryUtil.newEntityManagerFactory(bf, fc, settings);
		f.setPersistenceUnitName("HAPI_PU");
		f.setDataSource(ds);
		f.setJpaProperties(p);
		return f;
	}

	@Bean
	@Primary
	JpaTransactionManager transactionManager(EntityManagerFactory emf) {
		return new JpaTransactionManager(emf);
	}

	@Bean
	JpaStorageSettings storageSettings(Options o) {
		JpaStorageSettings s = new JpaStorageSettings();
		s.setEnforceReferentialIntegrityOnWrite(o.refOnWrite);
		s.setEnforceReferentialIntegrityOnDelete(o.refOnDelete);
		s.setAllowExternalReferences(true);
		s.setResourceClientIdStrategy(switch (o.idStrategy) {
			case "any" -> JpaStorageSettings.ClientIdStrategyEnum.ANY;
			case "alphanumeric" -> JpaStorageSettings.ClientIdStrategyEnum.ALPHANUMERIC;
			case "none" -> JpaStorageSettings.ClientIdStrategyEnum.NOT_ALLOWED;
			default -> throw new IllegalArgumentException("--id-strategy=any|alphanumeric|none");
		});
		s.setResourceServerIdStrategy(JpaStorageSettings.IdStrategyEnum.UUID);
		s.setAllowMultipleDelete(true);
		s.setExpungeEnabled(true);
		s.setDeleteExpungeEnabled(true);
		s.setAllowInlineMatchUrlReferences(true);
		s.setReuseCachedSearchResultsForMillis(o.searchCacheMs <= 0 ? null : o.searchCacheMs);
		s.setBulkExportFileMaximumCapacity(o.bulkFileCapacity);
		s.setJobFastTrackingEnabled(true);
		s.setIndexMissingFields(JpaStorageSettings.IndexEnabledEnum.ENABLED);
		return s;
	}

	@Bean
	SubscriptionSettings subscriptionSettings() {
		SubscriptionSettings s = new SubscriptionSettings();
		s.addSupportedSubscriptionType(SubscriptionChannelType.RESTHOOK);
		s.setSubscriptionChangeQueuedImmediately(true);
		return s;
	}

	/** The subscription module insists on one even if only rest-hook is on. */
	@Bean
	IEmailSender emailSender() {
		return details -> { throw new UnsupportedOperationException("e-mail subscriptions are off"); };
	}

	/** HAPI looks at its batch jobs once a minute; bulk export needs several looks, so look every half second. */
	@Bean
	static BeanPostProcessor fastBatchJobs(Options o) {
		return new BeanPostProcessor() {
			@Override
			public Object postProcessBeforeInitialization(Object bean, String name) {
				if (bean instanceof JobMaintenanceServiceImpl j) j.setScheduledJobFrequencyMillis(o.jobTickMs);
				return bean;
			}
		};
	}

	@Bean
	PartitionSettings partitionSettings() {
		return new PartitionSettings();
	}
}
