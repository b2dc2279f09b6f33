"""The words that people read, one entry per finding head. Plain, accurate, neither frightening nor reassuring."""
ADULT = {
    "atelectasis": ("Atelectasis", "Part of a lung that holds less air than usual",
        "The picture has features that radiologists often call atelectasis: a part of a lung that is not fully open. "
        "A shallow breath, lying in bed or an earlier operation can look like this, and so can an infection.",
        "RID28493"),
    "cardiomegaly": ("Enlarged heart shadow", "The outline of the heart looks wide compared with the chest",
        "The heart's outline takes up more of the chest's width than usual. "
        "A film taken from the front (AP), a shallow breath or lying down can make a heart of normal size look wide.",
        None),
    "consolidation": ("Consolidation", "An area of lung that looks filled instead of airy",
        "Part of the lung looks denser, as if its air spaces were filled. "
        "Infection is one cause; fluid, bleeding or a collapsed part of lung can look the same.",
        "RID43255"),
    "edema": ("Pulmonary oedema", "A pattern that can be extra fluid in the lungs",
        "The picture has a pattern seen when fluid gathers in the lung tissue. "
        "Infection, a shallow breath or a faint exposure can look similar.",
        "RID4866"),
    "effusion": ("Pleural effusion", "Fluid around the lung",
        "The picture has features seen when fluid lies between the lung and the chest wall. "
        "Scarring, a raised diaphragm or a collapsed part of lung can look similar.",
        "RID34539"),
    "emphysema": ("Emphysema", "Lungs that look over-filled with air",
        "The picture has features seen when air spaces in the lungs are enlarged. "
        "A very deep breath, slim build or air outside the lung can look similar; a chest film alone is a weak test for it.",
        "RID4799"),
    "fibrosis": ("Lung scarring", "Lines in the lung that can be scars",
        "The picture has lines or bands seen with scarring of lung tissue. "
        "Old healed infections, crowded vessels or early fluid can look similar.", None),
    "hernia": ("Hiatus hernia", "Part of the stomach lying above the diaphragm",
        "The picture has features seen when part of the stomach lies in the chest.", None),
    "infiltration": ("Infiltration", "A hazy area in the lung",
        "An older, unspecific word for haziness in the lung, used in the reports this program learnt from. "
        "Many things cause it, and radiologists often disagree about it.", None),
    "mass": ("Mass", "A dense, rounded area of 3 cm or more",
        "The picture has features that reports called a mass. A vessel seen end-on, a rounded infection, "
        "skin folds or things on the skin can look the same.", None),
    "nodule": ("Nodule", "A small rounded spot",
        "The picture has features that reports called a nodule. Vessels, nipples, healed infections and "
        "things on the skin can look the same.", None),
    "pleural-thickening": ("Pleural thickening", "A thickened lining of the lung",
        "The picture has features seen when the lining around a lung is thicker than usual, often an old scar. "
        "Fat under the chest wall or a little fluid can look similar.", None),
    "pneumonia": ("Pneumonia (adult)", "A pattern that reports called pneumonia",
        "Reports of similar pictures mentioned pneumonia. A picture alone can't tell pneumonia from other dense areas.",
        "RID5350"),
    "pneumothorax": ("Pneumothorax", "Air between the lung and the chest wall",
        "The picture has features seen when air lies outside the lung. In the pictures this program learnt from, many people "
        "with this word already had a chest drain, so it may respond to the drain; skin folds can look similar.",
        "RID5352"),
}
ANY = ("Any of the 14 listed findings", "The picture differs in some way from those reported as \"no finding\"",
       "In the pictures this program learnt from, reports of similar ones named at least one of 14 findings. "
       "It doesn't say which, and a low value doesn't mean that nothing is there.")
CHILD = ("Pneumonia (child of 1 to 5 years)", "A pattern seen in young children with pneumonia",
         "The picture resembles those of children aged 1 to 5 who were treated for pneumonia in one hospital. "
         "A shallow breath, crying, turning or a viral cold with mucus can look similar.")
BACTERIAL = ("More like bacterial than viral pneumonia", "If there is pneumonia: its pattern is nearer to the bacterial ones",
             "Only meaningful where pneumonia is present. It compares the pattern with children's pictures labelled bacterial "
             "and viral; a picture can't prove the germ, and treatment should not rest on this.")

# Heads for faults of the picture: their probability at or over the threshold refuses it.
FAULTS = {
    "not-frontal": ("Side view", "Whether the chest is seen from the side"),
    "glare": ("Glare", "Whether a bright reflection or the pattern of a screen lies over the picture, as on a photographed film"),
    "cropped": ("Cropped", "Whether a part of the lungs is cut off at the edge of the picture"),
    "mirrored": ("Mirrored", "Whether left and right are swapped, so that the heart lies on the wrong side. The heart of a few people really lies on the right"),
}

# Said about heads that are not shown: the first line whose heads are all among them, then the next.
WEAK = [
    (("nodule", "mass"), "Lung nodules and masses"),
    (("nodule",), "Small lung nodules"),
    (("mass",), "Lung masses"),
    (("fibrosis", "pleural-thickening"), "Lung scars and a thickened lining of the lung"),
    (("fibrosis",), "Lung scars"),
    (("pleural-thickening",), "A thickened lining of the lung"),
    (("pneumonia",), "Pneumonia in adults"),
    (("emphysema",), "Emphysema"),
    (("infiltration",), "Haziness in the lung (infiltration)"),
    (("hernia",), "Hiatus hernia"),
    (("cardiomegaly",), "An enlarged heart"),
    (("atelectasis",), "Atelectasis (part of a lung not fully open)"),
    (("consolidation",), "Consolidation (an area of lung that looks filled)"),
    (("edema",), "Fluid in the lung tissue (oedema)"),
    (("effusion",), "Fluid around the lung (effusion)"),
    (("pneumothorax",), "Air around the lung (pneumothorax)"),
    (("pneumonia-child",), "Pneumonia in children"),
    (("pneumonia-bacterial",), "Whether a pneumonia is bacterial or viral"),
]
NOT_CHECKED = [
    "Anything in side views: the program reads only pictures taken from the front or the back, and doesn't recognise every side view",
    "Whether left and right are swapped, where the heart doesn't show it plainly",
    "Broken ribs and other injuries of bones",
    "Tuberculosis",
    "Tubes, lines and pacemakers",
    "Swallowed or inhaled objects",
    "Free air and anything else below the diaphragm",
    "The large vessels, and blood clots in the lungs",
    "Lymph nodes and the middle of the chest",
    "The spine and the shape of the chest",
    "Changes since an earlier picture",
    "Any finding in people aged 6 to 17 years and in babies under 1 year",
]


def not_checked(unsure):
    """The manifest's list: heads that were not accurate enough, then what no head is for."""
    left, lines = set(unsure), []
    for ids, text in WEAK:
        if left.issuperset(ids):
            left -= set(ids)
            lines.append(text + " (not accurate enough)")
    return lines + NOT_CHECKED
