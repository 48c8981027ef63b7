DROP TABLE company_logos;
DROP TABLE company_settings;
