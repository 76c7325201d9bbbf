drop table attention_notices;
