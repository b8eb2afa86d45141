//! The claims at the top of `specs/medical.yaml`, asked of a loaded database.

mod support;

use support::claims::{Claim, hold, hold_in_duckdb};

const DOCTORS_HAVE_HOURS: &[Claim] = &[
    (
        "an appointment lies within its doctor's hours of that weekday",
        "select bool_and(h.doctor_id is not null and a.starts_at::time >= h.starts_at and a.ends_at::time <= h.ends_at)
         from appointments a left join doctor_hours h on h.doctor_id = a.doctor_id and h.weekday = extract(isodow from a.starts_at)",
    ),
    (
        "no two appointments of a doctor overlap",
        "select bool_and(next >= ends_at) from (
             select ends_at, lead(starts_at, 1, 'infinity') over (partition by doctor_id order by starts_at) next
             from appointments) a",
    ),
    (
        "nobody is booked on a holiday",
        "select count(*) = 0 from appointments where starts_at::date in ('2025-01-01', '2025-01-20', '2025-02-17', '2025-05-26',
             '2025-06-19', '2025-07-04', '2025-09-01', '2025-11-11', '2025-11-27', '2025-12-25', '2026-01-01', '2026-01-19')",
    ),
    (
        "what has taken place is numbered by its days",
        "select bool_and(starts_at::date >= before) from (
             select starts_at, lag(starts_at::date, 1, starts_at::date) over (order by id) before
             from appointments where status = 'completed') a",
    ),
    (
        "patients go to the medical centre where they are registered",
        "select bool_and(d.clinic_id = p.clinic_id) from appointments a join doctors d on d.id = doctor_id
         join patients p on p.id = patient_id",
    ),
];

const WHOEVER_COMES_FITS: &[Claim] = &[
    (
        "children are seen in paediatrics, and nobody else is",
        "select bool_and((specialty_code = 'PED') = (age < 18) or specialty_code <> 'PED' and age >= 16) from visits",
    ),
    ("only women come to gynaecology", "select bool_and(sex = 'female') from visits where specialty_code = 'OBG'"),
    (
        "dementia, osteoporosis and heart failure are for the old, acne for the young",
        "select bool_and(case code when 'F03' then age >= 58 when 'M81.0' then age >= 38 when 'I50.9' then age >= 38
             when 'L70.0' then age < 60 else true end)
             and avg(age) filter (where code = 'M81.0') > 65 and avg(age) filter (where code = 'I50.9') > 65
             and avg(age) filter (where code = 'L70.0') < 35 from visits",
    ),
    (
        "no man is pregnant, no woman has a prostate, and pregnant women are of an age for it",
        "select bool_and(case when code like 'O%' or code = 'Z34.9' then sex = 'female' and age between 16 and 40
             when code = 'N40' then sex = 'male' else true end) from visits",
    ),
    (
        "women have three quarters of the migraines and thyroids, men three quarters of the alcohol",
        "select avg((sex = 'female')::int) filter (where code in ('G43.9', 'E03.9')) between 0.7 and 0.85
             and avg((sex = 'male')::int) filter (where code = 'F10.2') between 0.6 and 0.85 from visits",
    ),
    (
        "patients of circulation are older than those of respiration, and those of the psyche more often women",
        "select avg(age) filter (where chapter_number = 'IX') > avg(age) filter (where chapter_number = 'X') + 20
             and avg((sex = 'female')::int) filter (where chapter_number = 'V') > 0.53 from visits where specialty_code <> 'OBG'",
    ),
    (
        "the most frequent diagnosis of cardiology is high blood pressure",
        "select mode() within group (order by code) = 'I10' from visits where specialty_code = 'CAR'",
    ),
];

const DIAGNOSES_HAVE_CONSEQUENCES: &[Claim] = &[
    (
        "every first diagnosis is one that the doctor's specialty treats",
        "select bool_and(therapy_code is not null) from visits",
    ),
    (
        "a drug is meant for the diagnosis, in its dose and for a time that it is given for",
        "select bool_and(d.therapy_code = v.therapy_code and p.dose = d.dose and p.dose_unit = d.dose_unit
             and p.times_per_day = d.times_per_day and p.days between d.min_days and d.max_days
             and p.quantity = p.dose * p.times_per_day * p.days and (p.refills = 0 or d.min_days >= 28)
             and p.prescribed_on = v.started_at::date)
         from prescriptions p join drugs d on d.id = drug_id join visits v on v.id = encounter_id",
    ),
    (
        "what is done is of the specialty, first the consultation, and nothing twice",
        "select bool_and(s.specialty_code = v.specialty_code and is_consultation = (number = 1)
             and performed_at between started_at and ended_at) and count(*) = count(distinct (encounter_id, service_id))
         from procedures p join services s on s.id = service_id join visits v on v.id = encounter_id",
    ),
    (
        "the laboratory is asked for what the diagnosis asks for, and measures the tests of the panel",
        "select bool_and(o.panel_code = v.panel_code and t.test_code is not null)
         from lab_orders o join visits v on v.id = encounter_id join lab_results r on r.lab_order_id = o.id
         left join panel_tests t on t.panel_code = o.panel_code and t.test_code = r.test_code",
    ),
    (
        "in diabetes HbA1c is high, in anaemia ferritin is low, and others' are not",
        "select avg((flag in ('high', 'critical_high'))::int) filter (where test_code = 'A1C' and code = 'E11.9') > 0.8
             and avg((flag in ('low', 'critical_low'))::int) filter (where test_code = 'FERR' and code = 'D50.9') > 0.4
             and avg((flag <> 'normal')::int) filter (where test_code in ('NA', 'PLT', 'CA')) between 0.01 and 0.06
         from lab_results r join lab_orders o on o.id = lab_order_id join visits v on v.id = encounter_id",
    ),
    (
        "blood pressure is high in hypertension",
        "select avg(systolic) filter (where code = 'I10') > avg(systolic) filter (where code <> 'I10' and age >= 40) + 15
         from visits",
    ),
    (
        "what a patient has for good comes again: most second diagnoses that are chronic are seen more than once",
        "select avg((n > 1)::int) > 0.5 from (
             select patient_id, diagnosis_id, count(*) n from encounter_diagnoses d join encounters e on e.id = encounter_id
             join diagnosis_codes c on c.id = diagnosis_id where rank = 2 and is_chronic group by 1, 2) d
         join (select patient_id, count(*) visits from encounters group by 1) e using (patient_id) where visits > 8",
    ),
    (
        "no diagnosis stands twice in an encounter",
        "select count(*) = count(distinct (encounter_id, diagnosis_id)) from encounter_diagnoses",
    ),
];

const MEASUREMENTS: &[Claim] = &[
    (
        "a value is flagged by its reference range",
        "select bool_and(case when value < low then flag in ('low', 'critical_low') when value > high
             then flag in ('high', 'critical_high') else flag = 'normal' end and value >= 0)
             and count(distinct flag) = 5 from lab_results",
    ),
    (
        "ranges and units are those of the test, for the patient's sex",
        "select bool_and(r.unit = t.unit and r.low = case sex when 'female' then low_female else low_male end
             and r.high = case sex when 'female' then high_female else high_male end and round(value, decimals) = value)
         from lab_results r join lab_tests t on t.code = test_code join lab_orders o on o.id = lab_order_id
         join patients p on p.id = patient_id",
    ),
    (
        "adults keep their height",
        "select bool_and(n = 1) from (select count(distinct height_cm) n from visits where age >= 18 and height_cm is not null
         group by patient_id) p",
    ),
    (
        "children grow, and everybody has a plausible mass",
        "select corr(height_cm, age) filter (where age < 16) > 0.9
             and bool_and(weight_kg / (height_cm / 100.0) / (height_cm / 100.0) between 10 and 55) from visits where height_cm is not null",
    ),
    (
        "who is seen over video is not touched",
        "select bool_and(height_cm is null and n = 1 and l is null) and count(*) > 0 from encounters e
         join (select encounter_id, count(*) n from procedures group by 1) p on p.encounter_id = e.id
         left join (select encounter_id l from lab_orders) l on l = e.id where kind = 'video'",
    ),
];

const MONEY_ADDS_UP: &[Claim] = &[
    (
        "a claim is the sum of its lines",
        "select bool_and(total_amount = amount and c.allowed_amount = l.allowed) from claims c
         left join (select claim_id, sum(amount) amount, sum(allowed_amount) allowed from claim_lines group by 1) l on claim_id = id",
    ),
    (
        "lines are procedures of the claim's encounter at their list price, each once",
        "select bool_and(p.encounter_id = c.encounter_id and l.amount = s.list_price and l.line_no = p.number)
             and count(*) = (select count(*) from procedures)
         from claim_lines l join claims c on c.id = claim_id join procedures p on p.id = procedure_id
         join services s on s.id = service_id",
    ),
    (
        "what is allowed is paid by the insurer or the patient, by the policy",
        "select bool_and(case when status = 'submitted' then insurer_amount is null and patient_amount is null
             when policy_id is null or status = 'denied' then insurer_amount = 0 and patient_amount = c.allowed_amount
             else insurer_amount = round((c.allowed_amount - least(copay, c.allowed_amount)) * covered_percent / 100, 2)
                 and insurer_amount + patient_amount = c.allowed_amount end)
         from claims c left join policies p on p.id = policy_id",
    ),
    (
        "a claim goes to the patient's own policy; who has none pays the list price",
        "select bool_and(p.patient_id = c.patient_id or policy_id is null and c.allowed_amount = total_amount
             and not exists (select from policies q where q.patient_id = c.patient_id))
         from claims c left join policies p on p.id = policy_id",
    ),
    (
        "Medicare is for those from 65 on; one in twelve is not insured",
        "select bool_and((i.kind = 'medicare') = (birth_date <= date '1961-01-01'))
             and count(*) between 0.91 * (select count(*) from patients) and 0.93 * (select count(*) from patients)
         from policies q join patients p on p.id = patient_id join insurers i on i.id = insurer_id",
    ),
    (
        "all states of claims occur, denials with a reason",
        "select count(distinct status) = 3 and bool_and((status = 'denied') = (denial_reason is not null)) from claims",
    ),
];

const TIME_RUNS_FORWARD: &[Claim] = &[
    (
        "booked after registration, before the appointment and before now",
        "select bool_and(booked_at >= registered_on and booked_at < starts_at and booked_at < '2026-01-01')
         from appointments join patients p on p.id = patient_id",
    ),
    (
        "what lies ahead is booked and nothing more; what took place has an encounter",
        "select bool_and((status = 'scheduled') = (starts_at >= '2026-01-01') and (status = 'completed') = (e.id is not null))
             and count(distinct status) = 4
         from appointments a left join encounters e on e.appointment_id = a.id",
    ),
    (
        "seen within the appointment by its doctor",
        "select bool_and(e.started_at >= a.starts_at and e.ended_at <= a.ends_at and e.patient_id = a.patient_id
             and e.doctor_id = a.doctor_id) from encounters e join appointments a on a.id = appointment_id",
    ),
    (
        "samples are taken after the encounter, and measured later",
        "select bool_and(collected_at > ended_at and resulted_at > collected_at) from lab_results r
         join lab_orders o on o.id = lab_order_id join encounters e on e.id = encounter_id",
    ),
    (
        "billed after the encounter, decided after that and before now",
        "select bool_and(submitted_on >= started_at::date and submitted_on <= date '2026-01-01'
             and coalesce(decided_on between submitted_on and date '2025-12-31', status = 'submitted'))
         from claims c join encounters e on e.id = encounter_id",
    ),
    (
        "nobody is registered, insured or born too late",
        "select bool_and(birth_date < date '2024-01-02' and registered_on >= birth_date
             and (valid_from is null or valid_from >= registered_on))
         from patients p left join policies q on q.patient_id = p.id",
    ),
];

/// What the claims ask of encounters: with their patient, doctor and first diagnosis, and what that one asks for.
const VISITS: &str = "with visits as (
    select e.*, extract(epoch from e.started_at - p.birth_date::timestamp) / 86400 / 365.25 as age, p.sex, p.birth_date,
        d.specialty_code, c.code, c.chapter_number, g.therapy_code, g.panel_code
    from encounters e join patients p on p.id = e.patient_id join doctors d on d.id = e.doctor_id
    join encounter_diagnoses ed on ed.encounter_id = e.id and ed.rank = 1 join diagnosis_codes c on c.id = ed.diagnosis_id
    left join guidelines g on g.specialty_code = d.specialty_code and g.diagnosis_code = c.code)";

/// A tenth: one medical centre, a hundred thousand rows.
const SCALE: &[&str] = &["specs/medical.yaml", "--scale", "0.1"];

#[test]
fn what_the_spec_claims_is_true_of_the_data() {
    let chapters = [
        DOCTORS_HAVE_HOURS,
        WHOEVER_COMES_FITS,
        DIAGNOSES_HAVE_CONSEQUENCES,
        MEASUREMENTS,
        MONEY_ADDS_UP,
        TIME_RUNS_FORWARD,
    ];
    let claims = chapters.concat();
    let queries: Vec<String> = claims.iter().map(|(_, sql)| format!("{VISITS} {sql}")).collect();
    let claims: Vec<Claim> =
        claims.iter().zip(&queries).map(|((claim, _), sql)| (*claim, sql.as_str())).collect();
    hold(SCALE, &claims);
}

#[test]
fn money_adds_up_in_duckdb_too() {
    hold_in_duckdb(SCALE, &MONEY_ADDS_UP[..2]);
}
