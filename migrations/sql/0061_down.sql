alter table practices drop column locale;
