-- A record as version 6 of the schema kept it, made by that version. Its master key: pUwT3HlVMVbFuf/NvYGEUsoqAmIo7L4v6K8pFheNeMI=
BEGIN TRANSACTION;
CREATE TABLE analyses (
    id TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    upload_id TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    queued_at REAL NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    outcome TEXT
, confirmed_differences TEXT NOT NULL DEFAULT '[]', frame INTEGER NOT NULL DEFAULT 0, adjustment TEXT, blind_seconds REAL, blind_ending TEXT, blind_ended_at REAL) STRICT;
INSERT INTO "analyses" VALUES('01a222f2-b110-729c-a40b-6eee9dae3476','01a222f2-a649-7815-ad56-aa1685086584','01a222f2-b098-787d-a4ed-ff04dfb1b540','completed',1,7,1.79588266011296558387e+09,1.79588266011296558387e+09,1.79588266429253220557e+09,'{"completed":{"_0":{"engineVersion":"0.1.0","findings":[{"activation":{"columns":5,"headID":"any-finding","rows":5,"values":[0.02085024,0.1950771,-0.111161016,-0.06693549,-0.51551735,0.9549424,2.171449,0.51134914,-0.6031065,-0.27767643,2.1362138,4.7008147,1.3579545,-2.3438704,-0.7687852,2.112834,3.9609137,1.4793427,-1.2430766,-1.4240863,0.27900365,0.9048642,0.04185624,-0.613678,-1.4333255]},"flagged":true,"frequency":{"images":243,"positives":147},"id":"any-finding","means":"In the pictures this program learnt from, reports of similar ones named at least one of 14 findings. It doesn''t say which, and a low value doesn''t mean that nothing is there.","measured":{"auc":0.738,"aucHigh":0.767,"aucLow":0.707,"dataset":"NIH ChestX-ray14 subset, patient-grouped validation split, adults","ece":0.0205,"images":2430,"positives":1031,"sensitivity":0.9,"specificity":0.331},"name":"Any of the 14 listed findings","plain":"The picture differs in some way from those reported as \"no finding\"","probability":0.5935332671346629,"threshold":0.236411,"thresholdRule":"sensitivity 0.90 on validation"},{"activation":{"columns":5,"headID":"pneumothorax","rows":5,"values":[-0.28670844,-0.04942327,-0.41641557,-0.12924746,-0.446746,-0.060497366,-1.3710871,-2.5782704,-5.981827,0.030419951,-0.07059188,-2.4617128,-2.467549,-9.205508,-0.22308813,-0.08047368,-2.5767412,-1.2012634,-3.2948396,-0.26795664,-0.20619671,-0.26857778,-0.041959494,-0.59376884,-3.0384085]},"code":{"code":"RID5352","display":"pneumothorax","system":"http:\/\/radlex.org"},"flagged":true,"frequency":{"images":243,"positives":47},"id":"pneumothorax","means":"The picture has features seen when air lies outside the lung. In the pictures this program learnt from, many people with this word already had a chest drain, so it may respond to the drain; skin folds can look similar.","measured":{"auc":0.767,"aucHigh":0.83,"aucLow":0.695,"dataset":"NIH ChestX-ray14 subset, patient-grouped validation split, adults","ece":0.0073,"images":2430,"positives":135,"sensitivity":0.904,"specificity":0.322},"name":"Pneumothorax","plain":"Air between the lung and the chest wall","probability":0.2622363016851031,"threshold":0.022348,"thresholdRule":"sensitivity 0.90 on validation"},{"activation":{"columns":5,"headID":"effusion","rows":5,"values":[-0.5296749,-0.3012493,-0.3434217,-0.17793116,-1.8202145,-0.74485284,-3.335407,-1.9394537,-4.9568996,-0.5691949,-1.980283,-6.6398673,-1.4071795,-8.669243,-1.5025519,-2.4635026,-6.554603,-1.1064942,-3.2424893,-2.061964,-0.10796953,-1.2340815,-0.036385488,-0.4898758,-4.6657224]},"code":{"code":"RID34539","display":"pleural effusion","system":"http:\/\/radlex.org"},"flagged":true,"frequency":{"images":243,"positives":23},"id":"effusion","means":"The picture has features seen when fluid lies between the lung and the chest wall. Scarring, a raised diaphragm or a collapsed part of lung can look similar.","measured":{"auc":0.824,"aucHigh":0.859,"aucLow":0.781,"dataset":"NIH ChestX-ray14 subset, patient-grouped validation split, adults","ece":0.0093,"images":2430,"positives":251,"sensitivity":0.9,"specificity":0.539},"name":"Pleural effusion","plain":"Fluid around the lung","probability":0.08823698161768598,"threshold":0.047338,"thresholdRule":"sensitivity 0.90 on validation"},{"activation":{"columns":5,"headID":"mass","rows":5,"values":[-1.0956401,-0.1154392,-0.29225564,-0.24510038,-1.1363775,-0.89999753,-5.3400364,-2.8820212,-7.4341083,-0.89012104,-2.2445998,-5.732777,-2.266744,-6.858578,-1.9348359,-3.383262,-5.9691963,-1.2495289,-3.1130977,-1.963401,-0.65436697,-1.7970219,-0.06043328,-0.95884794,-4.5999575]},"flagged":true,"frequency":{"images":243,"positives":18},"id":"mass","means":"The picture has features that reports called a mass. A vessel seen end-on, a rounded infection, skin folds or things on the skin can look the same.","measured":{"auc":0.751,"aucHigh":0.803,"aucLow":0.669,"dataset":"NIH ChestX-ray14 subset, patient-grouped validation split, adults","ece":0.0089,"images":2430,"positives":76,"sensitivity":0.908,"specificity":0.37},"name":"Mass","plain":"A dense, rounded area of 3 cm or more","probability":0.08726308855040621,"threshold":0.016653,"thresholdRule":"sensitivity 0.90 on validation"},{"activation":{"columns":5,"headID":"fibrosis","rows":5,"values":[-0.9963558,-0.15897636,-0.25891253,-0.01608366,-1.8845574,-0.674021,-2.5196254,-0.3309117,-3.152772,-0.8586895,-1.965569,-5.8994155,-1.8869994,-5.5367174,-1.7652504,-2.378867,-5.852705,-1.8318015,-3.8596618,-3.1415415,-0.56010425,-0.98189574,-0.08627474,-1.3132031,-7.4469166]},"flagged":true,"frequency":{"images":243,"positives":15},"id":"fibrosis","means":"The picture has lines or bands seen with scarring of lung tissue. Old healed infections, crowded vessels or early fluid can look similar.","measured":{"auc":0.701,"aucHigh":0.762,"aucLow":0.63,"dataset":"NIH ChestX-ray14 subset, patient-grouped validation split, adults","ece":0.0059,"images":2430,"positives":54,"sensitivity":0.907,"specificity":0.332},"name":"Lung scarring","plain":"Lines in the lung that can be scars","probability":0.06976923286140879,"threshold":0.011661,"thresholdRule":"sensitivity 0.90 on validation"},{"activation":{"columns":5,"headID":"consolidation","rows":5,"values":[-0.95230854,-0.48095283,-0.61322004,-0.2938365,-1.4608041,-0.89854103,-6.404962,-3.8104188,-9.78118,-1.1303018,-2.1689858,-6.906061,-2.13998,-13.578476,-2.4320412,-2.4639165,-4.972276,-1.5483758,-5.7224083,-3.2971895,-0.72197986,-1.3370512,-0.20842168,-1.808854,-5.2486577]},"code":{"code":"RID43255","display":"consolidation","system":"http:\/\/radlex.org"},"flagged":true,"frequency":{"images":243,"positives":8},"id":"consolidation","means":"Part of the lung looks denser, as if its air spaces were filled. Infection is one cause; fluid, bleeding or a collapsed part of lung can look the same.","measured":{"auc":0.784,"aucHigh":0.834,"aucLow":0.723,"dataset":"NIH ChestX-ray14 subset, patient-grouped validation split, adults","ece":0.0056,"images":2430,"positives":93,"sensitivity":0.903,"specificity":0.542},"name":"Consolidation","plain":"An area of lung that looks filled instead of airy","probability":0.03429376159045541,"threshold":0.021089,"thresholdRule":"sensitivity 0.90 on validation"},{"activation":{"columns":5,"headID":"atelectasis","rows":5,"values":[-0.8533576,-0.4995992,-0.42033795,-0.33823305,-1.481953,-2.0016708,-5.796783,-2.39517,-5.1708236,-0.93098,-3.4396257,-6.7314057,-2.313345,-8.872668,-2.781523,-3.378289,-6.2241416,-2.189738,-5.3049755,-5.258649,-0.47794768,-1.4505563,-0.17058901,-2.2621822,-7.1310625]},"code":{"code":"RID28493","display":"atelectasis","system":"http:\/\/radlex.org"},"flagged":false,"frequency":{"images":243,"positives":13},"id":"atelectasis","means":"The picture has features that radiologists often call atelectasis: a part of a lung that is not fully open. A shallow breath, lying in bed or an earlier operation can look like this, and so can an infection.","measured":{"auc":0.75,"aucHigh":0.791,"aucLow":0.712,"dataset":"NIH ChestX-ray14 subset, patient-grouped validation split, adults","ece":0.0114,"images":2430,"positives":248,"sensitivity":0.903,"specificity":0.431},"name":"Atelectasis","plain":"Part of a lung that holds less air than usual","probability":0.04025355547936134,"threshold":0.054541,"thresholdRule":"sensitivity 0.90 on validation"},{"activation":{"columns":5,"headID":"cardiomegaly","rows":5,"values":[-0.7451498,-0.63809735,-0.49672425,-0.36005864,-2.8461792,-3.1751015,-10.131879,-3.2919145,-7.713573,-1.4844501,-9.207795,-23.994827,-1.9198507,-3.387092,-1.7731756,-10.055364,-22.18743,-3.6130676,0.5843317,-2.0303006,-0.8032538,-3.346001,-0.23857562,0.20792224,-3.7078624]},"flagged":false,"frequency":{"images":243,"positives":1},"id":"cardiomegaly","means":"The heart''s outline takes up more of the chest''s width than usual. A film taken from the front (AP), a shallow breath or lying down can make a heart of normal size look wide.","measured":{"auc":0.842,"aucHigh":0.89,"aucLow":0.781,"dataset":"NIH ChestX-ray14 subset, patient-grouped validation split, adults","ece":0.0038,"images":2430,"positives":69,"sensitivity":0.913,"specificity":0.575},"name":"Enlarged heart shadow","plain":"The outline of the heart looks wide compared with the chest","probability":0.007156877952057507,"threshold":0.014667,"thresholdRule":"sensitivity 0.90 on validation"},{"activation":{"columns":5,"headID":"edema","rows":5,"values":[-1.3388258,-0.7869758,-1.2183665,-0.56922185,-2.080311,-1.975518,-10.136358,-6.2134523,-16.933985,-1.4559038,-4.8586493,-15.937862,-5.1698384,-19.60217,-3.5497043,-4.2578526,-11.528213,-3.776996,-9.266421,-5.3651967,-0.7735826,-1.9722471,-0.21044552,-2.6262252,-7.9257727]},"code":{"code":"RID4866","display":"pulmonary edema","system":"http:\/\/radlex.org"},"flagged":false,"frequency":{"images":243,"positives":4},"id":"edema","means":"The picture has a pattern seen when fluid gathers in the lung tissue. Infection, a shallow breath or a faint exposure can look similar.","measured":{"auc":0.871,"aucHigh":0.92,"aucLow":0.811,"dataset":"NIH ChestX-ray14 subset, patient-grouped validation split, adults","ece":0.0049,"images":2430,"positives":34,"sensitivity":0.912,"specificity":0.699},"name":"Pulmonary oedema","plain":"A pattern that can be extra fluid in the lungs","probability":0.005183142063782381,"threshold":0.010731,"thresholdRule":"sensitivity 0.90 on validation"}],"identity":{"confirmed":[],"rows":[{"agreement":"unknown","field":"sex","file":"female"},{"agreement":"unknown","field":"age","told":"54"},{"agreement":"unknown","field":"birth-date","file":"1940-03-05"},{"agreement":"agrees","field":"study-date","file":"2004-08-26","told":"2026-11-29"}]},"milliseconds":{"checking":24.915806,"decoding":2798.493855,"explaining":621.479397,"inferring":182.293757,"queued":75.29902458190918},"model":{"id":"chest-xray","intendedUse":"Research and education. Not a medical device; not for diagnosis, treatment or deciding how urgent something is. Every result needs a trained person who looks at the picture.","preprocessingSha256":"e7d9040c8212cb42711b27f1608638f59a1c301295f81ea10d08ba7c33235971","sha256":"fe8c2c5c93e78accbea1a179e646d64b68158d849892b97b728f0ac6652f239e","title":"Lightbox chest X-ray","version":"1.1.0"},"notChecked":["Small lung nodules (not accurate enough)","A thickened lining of the lung (not accurate enough)","Pneumonia in adults (not accurate enough)","Emphysema (not accurate enough)","Haziness in the lung (infiltration) (not accurate enough)","Hiatus hernia (not accurate enough)","Anything in side views: the program reads only pictures taken from the front or the back, and doesn''t recognise every side view","Whether left and right are swapped, where the heart doesn''t show it plainly","Broken ribs and other injuries of bones","Tuberculosis","Tubes, lines and pacemakers","Swallowed or inhaled objects","Free air and anything else below the diaphragm","The large vessels, and blood clots in the lungs","Lymph nodes and the middle of the chest","The spine and the shape of the chest","Changes since an earlier picture","Any finding in people aged 6 to 17 years and in babies under 1 year"],"projection":{"probability":1,"source":"header","value":"PA"},"quality":{"height":1955,"notes":[],"width":1841},"scope":{"ageYears":54,"notes":[],"statement":"The model looked for the findings below and for nothing else."},"withheld":[{"id":"pneumonia-child","name":"Pneumonia (child of 1 to 5 years)","why":"It was made for children of 1 to 5 years, so it says nothing at 54 years."},{"id":"pneumonia-bacterial","name":"More like bacterial than viral pneumonia","why":"It was made for children of 1 to 5 years, so it says nothing at 54 years."}]}}}','[]',0,NULL,NULL,NULL,NULL);
CREATE TABLE conversations (
    id TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL
) STRICT;
INSERT INTO "conversations" VALUES('01a222f2-b164-74ac-899f-393a9473fab3','01a222f2-a649-7815-ad56-aa1685086584','zebra-title',1.7958826601962623596e+09,1.79588266024850893025e+09);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1: sessions, studies, reports');
INSERT INTO "grdb_migrations" VALUES('2: urgency, withheld answers, confirmed differences');
INSERT INTO "grdb_migrations" VALUES('3: keys, uploads in parts, frames, letters in pictures');
INSERT INTO "grdb_migrations" VALUES('4: conversations');
INSERT INTO "grdb_migrations" VALUES('5: reports');
INSERT INTO "grdb_migrations" VALUES('6: readings and withdrawals');
CREATE TABLE heartbeat (id INTEGER PRIMARY KEY CHECK (id = 1), beats INTEGER NOT NULL) STRICT;
INSERT INTO "heartbeat" VALUES(1,1);
CREATE TABLE idempotency_keys (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer TEXT,
    created_at REAL NOT NULL,
    PRIMARY KEY (session_id, key)
) STRICT;
INSERT INTO "idempotency_keys" VALUES('01a222f2-a649-7815-ad56-aa1685086584','zebra-key','49a2f0af8f0ce3b4db7765ac9d1e40e74f85bc4dfb9933437af425008f9abe7b','{"body":"{\"bitsPerSample\":15,\"burnedInText\":{\"lines\":[],\"sideMarkers\":[],\"state\":\"pending\"},\"bytes\":676846,\"capturedView\":\"PA\",\"createdAt\":\"2026-11-28T16:17:40Z\",\"deidentified\":\"\/api\/v1\/uploads\/01a222f2-b098-787d-a4ed-ff04dfb1b540\/deidentified\",\"dicom\":{\"bodyPart\":\"CHEST\",\"modality\":\"CR\",\"patientBirthDate\":\"19400305\",\"patientID\":\"9RG1\",\"patientName\":\"CompressedSamples^RG1\",\"patientOrientation\":\"L\\\\F\",\"patientSex\":\"F\",\"photometricInterpretation\":\"MONOCHROME1\",\"seriesInstanceUID\":\"1.3.6.1.4.1.5962.1.3.9.1.20040826185059.5457\",\"sopClassUID\":\"1.2.840.10008.5.1.4.1.1.1\",\"sopInstanceUID\":\"1.3.6.1.4.1.5962.1.1.9.1.3.20040826185059.5457\",\"studyDate\":\"20040826\",\"studyDescription\":\"THORAX\",\"studyInstanceUID\":\"1.3.6.1.4.1.5962.1.2.9.20040826185059.5457\",\"transferSyntax\":\"1.2.840.10008.1.2.4.91\",\"viewPosition\":\"PA\"},\"file\":\"\/api\/v1\/uploads\/01a222f2-b098-787d-a4ed-ff04dfb1b540\/file\",\"fileName\":\"zebra-film.dcm\",\"format\":\"dicom\",\"frames\":1,\"height\":1955,\"id\":\"01a222f2-b098-787d-a4ed-ff04dfb1b540\",\"identity\":{\"confirmed\":[],\"rows\":[{\"agreement\":\"unknown\",\"field\":\"sex\",\"file\":\"female\"},{\"agreement\":\"unknown\",\"field\":\"age\",\"told\":\"54\"},{\"agreement\":\"unknown\",\"field\":\"birth-date\",\"file\":\"1940-03-05\"},{\"agreement\":\"agrees\",\"field\":\"study-date\",\"file\":\"2004-08-26\",\"told\":\"2026-11-29\"}]},\"preview\":\"\/api\/v1\/uploads\/01a222f2-b098-787d-a4ed-ff04dfb1b540\/preview\",\"samples\":\"\/api\/v1\/uploads\/01a222f2-b098-787d-a4ed-ff04dfb1b540\/samples\",\"sha256\":\"744d01372fdda4e21b507bb7f97329065de961f4f263342079b369b430064d65\",\"width\":1841}","digest":"744d01372fdda4e21b507bb7f97329065de961f4f263342079b369b430064d65","headers":{"Content-Length":"1513","Content-Type":"application\/json; charset=utf-8","Location":"\/api\/v1\/uploads\/01a222f2-b098-787d-a4ed-ff04dfb1b540","Server-Timing":"receive;dur=9.5, check;dur=2058.4, commit;dur=97.9"},"status":201}',1.79588265791638278961e+09);
INSERT INTO "idempotency_keys" VALUES('01a222f2-a649-7815-ad56-aa1685086584','zebra-conv','038ee023790832a72169cd1bc02e9fac8f1c064204b1fe4607463141698980d0','{"body":"{\"createdAt\":\"2026-11-28T16:17:40Z\",\"id\":\"01a222f2-b164-74ac-899f-393a9473fab3\",\"items\":[],\"messages\":0,\"suggestions\":[\"What did the picture show?\",\"What do you know about me?\",\"What should I do now?\"],\"title\":\"zebra-title\",\"updatedAt\":\"2026-11-28T16:17:40Z\"}","headers":{"Content-Length":"259","Content-Type":"application\/json; charset=utf-8","Location":"\/api\/v1\/conversations\/01a222f2-b164-74ac-899f-393a9473fab3"},"status":201}',1.79588266017456197739e+09);
CREATE TABLE intakes (
    session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    answers TEXT NOT NULL,
    revision INTEGER NOT NULL,
    updated_at REAL NOT NULL
) STRICT;
INSERT INTO "intakes" VALUES('01a222f2-a649-7815-ad56-aa1685086584','{"age":54,"reason":"zebra-reason since Tuesday"}',1,1.7958826574719529152e+09);
CREATE TABLE master_key_proof (id INTEGER PRIMARY KEY CHECK (id = 1), proof BLOB NOT NULL) STRICT;
INSERT INTO "master_key_proof" VALUES(1,X'0D3B3F0AE5EE662E9F65E5FB412C1ACD703C51E051828CF18DB4DEE74870D4215DE6C44C');
CREATE TABLE messages (
    id TEXT PRIMARY KEY NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    created_at REAL NOT NULL,
    -- Of an answer; NULL for a question.
    state TEXT,
    content TEXT NOT NULL,
    UNIQUE (conversation_id, number)
) STRICT;
INSERT INTO "messages" VALUES('01a222f2-b198-729a-919b-056efab2696e','01a222f2-b164-74ac-899f-393a9473fab3',1,1.79588266024849319457e+09,NULL,'{"question":{"_0":"zebra-question what is an effusion?"}}');
INSERT INTO "messages" VALUES('01a222f2-b198-7611-81ad-75ec0d1bd887','01a222f2-b164-74ac-899f-393a9473fab3',2,1.79588266024850893025e+09,'complete','{"answer":{"_0":{"acuity":"routine","intent":"finding-meaning","sentences":[{"evidence":[{"id":"medline-pleural-effusion","kind":"source","label":"MedlinePlus: Pleural effusion"}],"layout":"same","replacesStruck":false,"text":"A pleural effusion is fluid around the lung."},{"evidence":[{"id":"medline-pleural-effusion","kind":"source","label":"MedlinePlus: Pleural effusion"}],"layout":"same","replacesStruck":false,"text":"It lies between the lung and the wall of the chest."},{"evidence":[{"id":"medline-pleural-effusion","kind":"source","label":"MedlinePlus: Pleural effusion"}],"layout":"same","replacesStruck":false,"text":"A thin film of fluid is usual there."},{"evidence":[{"id":"medline-pleural-effusion","kind":"source","label":"MedlinePlus: Pleural effusion"}],"layout":"same","replacesStruck":false,"text":"An effusion is more than that."},{"evidence":[{"id":"intended-use","kind":"program","label":"What Lightbox is for"}],"layout":"same","replacesStruck":false,"text":"A mark does not say what kind of fluid it is, or where it comes from."},{"evidence":[{"id":"intended-use","kind":"program","label":"What Lightbox is for"}],"layout":"same","replacesStruck":false,"text":"Old scars or a raised diaphragm can look the same."},{"evidence":[{"id":"model-card","kind":"program","label":"The model''s card"}],"layout":"same","replacesStruck":false,"text":"Nearly half of the pictures without it were marked too."},{"evidence":[{"id":"intended-use","kind":"program","label":"What Lightbox is for"}],"layout":"paragraph","replacesStruck":false,"text":"A finding is a pattern in a picture."},{"evidence":[{"id":"intended-use","kind":"program","label":"What Lightbox is for"}],"layout":"same","replacesStruck":false,"text":"It is not a diagnosis."},{"evidence":[{"id":"radiologyinfo-chest-x-ray","kind":"source","label":"RadiologyInfo.org: Chest X-ray"}],"layout":"same","replacesStruck":false,"text":"A doctor who is trained to read X-rays can say what lies behind it."}],"speaker":{"library":{}},"state":"complete","struck":0,"suggestions":["What can cause this finding?","What do doctors usually do about this finding?","What should I ask the doctor?"]}}}');
CREATE TABLE model_withdrawals (
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    reason TEXT NOT NULL,
    withdrawn_by TEXT NOT NULL,
    withdrawn_at REAL NOT NULL,
    PRIMARY KEY (model, version)
) STRICT;
CREATE TABLE readings (
    analysis_id TEXT PRIMARY KEY NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
    clinician TEXT NOT NULL,
    text TEXT NOT NULL,
    recorded_at REAL NOT NULL,
    is_blind INTEGER NOT NULL
) STRICT;
INSERT INTO "readings" VALUES('01a222f2-b110-729c-a40b-6eee9dae3476','Dr zebra-name','zebra-reading',1.79588266436687517173e+09,0);
CREATE TABLE receptions (
    id TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    file_name TEXT NOT NULL,
    length INTEGER NOT NULL,
    created_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT
) STRICT;
INSERT INTO "receptions" VALUES('01a222f2-c1c6-76df-8fbb-54ed715061e3','01a222f2-a649-7815-ad56-aa1685086584','zebra-part.dcm',100,1.79588266439062213897e+09,1.79590426439062213898e+09,'receiving',NULL);
CREATE TABLE report_documents (
    report_id TEXT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    format TEXT NOT NULL,
    edition TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    made_at REAL NOT NULL,
    PRIMARY KEY (report_id, format, edition)
) STRICT;
INSERT INTO "report_documents" VALUES('01a222f2-c040-733f-8866-ee5d540c9a25','pdf','',378196,'4b7a93e48eedcc6fe46821d21cb68018d26bb16dc5b17cbd178c65f3aa725c43',1.79588266529456186296e+09);
CREATE TABLE "reports" (
    id TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    analysis_id TEXT NOT NULL REFERENCES analyses (id) ON DELETE CASCADE,
    options TEXT NOT NULL,
    file_stem TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    failure TEXT,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL
) STRICT;
INSERT INTO "reports" VALUES('01a222f2-c040-733f-8866-ee5d540c9a25','01a222f2-a649-7815-ad56-aa1685086584','01a222f2-b110-729c-a40b-6eee9dae3476','{"audience":"patient","conversations":[],"namesFile":false,"paper":"a4"}','lightbox-chest-x-ray-patient-2026-11-28-0c9a25','ready',1,7,NULL,1795882664.0,1.79588266532869720451e+09);
CREATE TABLE session_notes (
    session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    acuity TEXT NOT NULL DEFAULT '{"reasons":[]}',
    withheld TEXT NOT NULL DEFAULT '[]',
    drafts TEXT NOT NULL DEFAULT '[]'
, held TEXT NOT NULL DEFAULT '{}') STRICT;
INSERT INTO "session_notes" VALUES('01a222f2-a649-7815-ad56-aa1685086584','{"raisedAt":817575464.3134872,"reasons":[{"field":"pneumothorax","level":"urgent","origin":"finding","rule":"finding-urgent","source":{"title":"British Thoracic Society: guideline for pleural disease (2023)","url":"https:\/\/www.brit-thoracic.org.uk\/quality-improvement\/guidelines\/pleural-disease\/"},"text":"The picture has features of air between lung and chest wall. It needs a doctor''s look today."},{"level":"soon","origin":"finding","rule":"finding-soon","source":{"title":"NHS: Find the right service: 111","url":"https:\/\/www.nhs.uk\/nhs-services\/urgent-and-emergency-care-services\/when-to-use-111\/"},"text":"The model marked something in the picture that a doctor should look at."}]}','[]','[]','{}');
CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_at REAL NOT NULL,
    last_seen_at REAL NOT NULL,
    consent_version TEXT NOT NULL,
    consent_at REAL NOT NULL
, wrapped_key BLOB NOT NULL DEFAULT x'') STRICT;
INSERT INTO "sessions" VALUES('01a222f2-a649-7815-ad56-aa1685086584',X'53B04A1BB00729976DA70D47FE58FF32C90A90828D7372A4FD713F2D68E82752',1.79588265735366892812e+09,1.79588265735366892812e+09,'2026-11',1.79588265735366892812e+09,X'C3FBB33AB2925FEF4EE034655D1C5A3A3FC3D1C41AD51714CE2078756AFC8A91F1FB0ED2C16818B80CE6DC322A875CC320318EFF453C1D90AA66A099');
CREATE TABLE uploads (
    id TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    file_name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    inspection TEXT NOT NULL,
    created_at REAL NOT NULL
, burned_in TEXT) STRICT;
INSERT INTO "uploads" VALUES('01a222f2-b098-787d-a4ed-ff04dfb1b540','01a222f2-a649-7815-ad56-aa1685086584','zebra-film.dcm',676846,'744d01372fdda4e21b507bb7f97329065de961f4f263342079b369b430064d65','{"bitsPerSample":15,"channels":1,"dicom":{"bodyPart":"CHEST","modality":"CR","patientBirthDate":"19400305","patientID":"9RG1","patientName":"CompressedSamples^RG1","patientOrientation":"L\\F","patientSex":"F","photometricInterpretation":"MONOCHROME1","seriesInstanceUID":"1.3.6.1.4.1.5962.1.3.9.1.20040826185059.5457","sopClassUID":"1.2.840.10008.5.1.4.1.1.1","sopInstanceUID":"1.3.6.1.4.1.5962.1.1.9.1.3.20040826185059.5457","studyDate":"20040826","studyDescription":"THORAX","studyInstanceUID":"1.3.6.1.4.1.5962.1.2.9.20040826185059.5457","transferSyntax":"1.2.840.10008.1.2.4.91","viewPosition":"PA"},"format":"dicom","frames":1,"height":1955,"width":1841}',1.79588266007482051851e+09,'{"read":{"_0":{"lines":[],"milliseconds":4235.313972,"sideMarkers":[]}}}');
CREATE INDEX sessions_by_last_seen ON sessions (last_seen_at);
CREATE INDEX sessions_by_creation ON sessions (created_at);
CREATE INDEX uploads_by_session ON uploads (session_id, created_at);
CREATE INDEX analyses_by_session ON analyses (session_id, created_at);
CREATE INDEX analyses_by_upload ON analyses (upload_id);
CREATE INDEX analyses_waiting ON analyses (queued_at, id) WHERE state = 'queued';
CREATE INDEX analyses_running ON analyses (queued_at) WHERE state = 'decoding';
CREATE INDEX uploads_without_text ON uploads (created_at) WHERE burned_in IS NULL;
CREATE INDEX receptions_by_session ON receptions (session_id, created_at);
CREATE INDEX receptions_by_expiry ON receptions (expires_at);
CREATE INDEX conversations_by_session ON conversations (session_id, updated_at);
CREATE INDEX messages_being_written ON messages (state) WHERE state = 'writing';
CREATE INDEX reports_by_session ON reports (session_id, created_at);
CREATE INDEX reports_by_analysis ON reports (analysis_id);
CREATE INDEX reports_being_made ON reports (created_at) WHERE state = 'making';
CREATE INDEX analyses_held_back ON analyses (updated_at)
    WHERE blind_seconds IS NOT NULL AND blind_ending IS NULL;
COMMIT;