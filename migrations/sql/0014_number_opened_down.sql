alter table attention_notices drop column opened_number;
