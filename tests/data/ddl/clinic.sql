-- Written by hand: inline constraints, mixed case, no schema.
BEGIN;
create extension if not exists citext;

CREATE TYPE Appointment_State AS ENUM ('booked', 'arrived', 'done', 'no show');

CREATE TABLE IF NOT EXISTS Departments (
    ID    serial PRIMARY KEY,
    Name  varchar(80) NOT NULL UNIQUE, -- shown; everywhere
    floor smallint CHECK (floor BETWEEN -2 AND 12)
);

create table doctors (
    id uuid primary key default gen_random_uuid(),
    department_id int not null references departments on delete restrict,
    supervisor_id uuid references doctors (id) on delete set null,
    first_name text not null,
    last_name text not null,
    email citext unique,
    licence char(8) not null unique check (licence ~ '^[A-Z]{2}[0-9]{6}$'),
    hired_on date not null,
    left_on date,
    salary numeric(10, 2) not null check (salary > 0),
    constraint doctors_left_after check (left_on >= hired_on)
);

create table patients (
    id bigint generated always as identity (start with 1000) primary key,
    full_name text not null,
    birth_date date not null check (birth_date < current_date),
    blood_type text check (blood_type in ('A', 'B', 'AB', '0')),
    created_at timestamptz not null default now(),
    deleted_at timestamptz
);

create table appointments (
    id bigserial primary key,
    patient_id bigint not null references patients,
    doctor_id uuid not null references doctors,
    state appointment_state not null default 'booked',
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    fee numeric(8,2) default 0.00 check (fee >= 0),
    rating smallint check (rating >= 1 and rating <= 5),
    weekday text generated always as (case when extract(isodow from (starts_at at time zone 'UTC')) > 5 then 'weekend' else 'week' end) stored,
    check (ends_at > starts_at),
    constraint no_overlap unique (doctor_id, starts_at)
);

create table appointment_lines (
    appointment_id bigint not null references appointments on delete cascade,
    line_no int not null,
    treatment text not null,
    minutes int not null check (minutes in (15, 30, 45, 60)),
    primary key (appointment_id, line_no)
);

create table allergies (code varchar(12) primary key, name text not null);

create table patient_allergies (
    patient_id bigint references patients on delete cascade,
    allergy_code varchar(12) references allergies,
    severity text not null default 'mild' check (severity in ('mild', 'severe')),
    primary key (patient_id, allergy_code)
);

create table patient_accounts (
    patient_id bigint primary key references patients,
    login text not null unique,
    locale varchar(5) not null
);

create table prescriptions (
    appointment_id bigint not null,
    line_no int not null,
    drug text not null,
    dose int not null,
    primary key (appointment_id, line_no, drug),
    foreign key (appointment_id, line_no) references appointment_lines (appointment_id, line_no) on delete cascade
);

create index on appointments (starts_at);
create index appointments_by_patient on appointments using hash (patient_id);
create unique index doctors_lower_email on doctors (lower(email));
create index appointments_open on appointments (starts_at) where state = 'booked';
comment on table patients is 'Who is treated; "since" 1999';
comment on column patients.id is 'The number on the card';
comment on column doctors.salary is 'Per year';

create view busy_doctors as select doctor_id, count(*) from appointments group by 1;
create function touch() returns trigger language plpgsql as $body$
begin
  new.created_at := now(); -- ; not the end
  return new;
end;
$body$;
create trigger touch_patients before update on patients for each row execute function touch();
insert into departments (name, floor) values ('Cardiology; first', 1);
COMMIT;
