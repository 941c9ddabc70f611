DROP TRIGGER provider_services_licence ON provider_services;
DROP FUNCTION provider_services_licence();
