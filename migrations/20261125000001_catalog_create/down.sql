DROP TABLE catalog_services;
DROP TABLE catalog_categories;
DROP FUNCTION catalog_changed();
DROP SEQUENCE catalog_version;
