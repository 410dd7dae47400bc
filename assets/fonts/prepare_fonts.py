"""Makes the report's fonts from npm's inter-ui 4.1.1 (web/*.woff2): TrueType, tabular figures as
the default, no contextual alternates (they would turn a typed "64x64" or "->" into other signs)."""
import subprocess, sys
from fontTools import subset
from fontTools.ttLib import TTFont

source, target = sys.argv[1], sys.argv[2]
for weight in ["Regular", "Medium", "SemiBold"]:
    font = TTFont(f"{source}/Inter-{weight}.woff2", recalcTimestamp=False)
    font.flavor = None
    gsub = font["GSUB"].table
    lookups = {i for r in gsub.FeatureList.FeatureRecord if r.FeatureTag == "tnum" for i in r.Feature.LookupListIndex}
    tabular = {}
    for index in sorted(lookups):
        for table in gsub.LookupList.Lookup[index].SubTable:
            tabular.update(getattr(table, "mapping", None) or table.ExtSubTable.mapping)
    keep = set(map(ord, "0123456789"))
    for table in font["cmap"].tables:
        for code, glyph in table.cmap.items():
            if code in keep and glyph in tabular:
                table.cmap[code] = tabular[glyph]
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp"]
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(font.getBestCmap()))
    subsetter.subset(font)
    font.save(f"{target}/Inter-{weight}.ttf")
