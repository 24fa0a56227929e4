-- A registration without a click id is told to Yandex Metrica by the number by which its counter knows the browser.
alter table "Conversion" add column "isClick" boolean not null default true;
