#pragma once

#include "reports/render/html.hpp"

namespace answerable::render {

/// Every text and background here has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). Colour never stands alone:
/// gaps are dashed and say GAP, tags are words.
inline constexpr Literal page_style = R"css(
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:#fff;color:#0b0c0c;font:1.1875rem/1.45 Arial,"Liberation Sans","Helvetica Neue",Helvetica,sans-serif;overflow-wrap:break-word}
header,main,footer{max-width:62rem;margin:0 auto;padding:0 1rem}
header{padding-top:2rem}
footer{border-top:1px solid #b1b4b6;margin-top:3rem;padding-top:1rem;padding-bottom:2rem;font-size:1rem;color:#383d41}
h1{font-size:2.25rem;line-height:1.15;margin:0 0 .5rem}
h2{font-size:1.6875rem;line-height:1.2;margin:2.5rem 0 .75rem}
h3{font-size:1.3125rem;line-height:1.25;margin:2rem 0 .5rem}
h4{font-size:1.1875rem;line-height:1.3;margin:1.5rem 0 .5rem}
p,ul,ol,dl{margin:0 0 1rem;max-width:46rem}
ul,ol{padding-left:1.6rem}
li{margin-bottom:.3rem}
.subtitle{font-size:1.3125rem;color:#383d41;margin-bottom:.75rem}
.as-of{border-left:5px solid #0b0c0c;padding-left:.75rem}
a{color:#0f5499;text-underline-offset:.1em}
a:hover{text-decoration-thickness:.15em}
a:focus-visible,.scroll:focus-visible{outline:3px solid #0b0c0c;outline-offset:2px;background:#ffdd00;color:#0b0c0c}
:target{scroll-margin-top:1rem}
.skip{position:absolute;left:-999rem;background:#ffdd00;color:#0b0c0c;padding:.75rem 1rem}
.skip:focus{position:static;display:block}
code{font-family:"Liberation Mono","DejaVu Sans Mono",Consolas,monospace;font-size:.9em;overflow-wrap:anywhere}
.contents ol{list-style:none;padding-left:0;margin-bottom:0}
.contents ol ol{padding-left:1.5rem;margin-top:.3rem}
.tag{display:inline-block;padding:0 .4em;border:1px solid;font-size:.875em;line-height:1.4;overflow-wrap:break-word}
.tag-neutral{background:#eeefef;color:#282d30}
.tag-good{background:#cce2d8;color:#005a30}
.tag-warning{background:#fff7bf;color:#594d00}
.tag-bad{background:#f6d7d2;color:#8a1f11}
.tag-gap{background:#fff;color:#0b0c0c;border:2px dashed #0b0c0c}
dl{border-top:1px solid #b1b4b6;max-width:none}
dl div{display:grid;grid-template-columns:minmax(9rem,30%) 1fr;gap:0 1rem;border-bottom:1px solid #b1b4b6;padding:.5rem 0}
dt{font-weight:bold}
dd{margin:0;min-width:0}
.scroll{overflow-x:auto;margin:0 0 1.75rem}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:1rem;line-height:1.4}
caption{text-align:left;font-weight:bold;font-size:1.1875rem;padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .9rem .5rem 0;border-bottom:1px solid #b1b4b6;overflow-wrap:break-word;min-width:6rem}
th:last-child,td:last-child{padding-right:0}
thead th{border-bottom:2px solid #0b0c0c;vertical-align:bottom}
tbody th{font-weight:bold}
.right{text-align:right;font-variant-numeric:tabular-nums}
tr.gap th,tr.gap td{border-top:2px dashed #0b0c0c;border-bottom:2px dashed #0b0c0c;background:#f8f8f8}
tr.gap>:first-child{border-left:2px dashed #0b0c0c;padding-left:.5rem}
tr.gap>:last-child{border-right:2px dashed #0b0c0c;padding-right:.5rem}
tr.total th,tr.total td{border-top:2px solid #0b0c0c;font-weight:bold}
.callout{margin:0 0 1.75rem;padding:1rem 1.1rem .25rem;border:1px solid #b1b4b6;border-left:6px solid #0f5499}
.callout-title{font-weight:bold;font-size:1.1875rem}
.callout-gap{border:3px dashed #0b0c0c;background:#f8f8f8}
.callout-finding{border-left-color:#8a1f11}
.callout-warning{border-left-color:#0b0c0c;background:#fffbe0}
@media (max-width:40rem){
body{font-size:1rem}
h1{font-size:1.75rem}
h2{font-size:1.375rem}
h3{font-size:1.1875rem}
h4{font-size:1rem}
dl div{grid-template-columns:1fr}
.wide table{min-width:38rem}
}
@media print{
@page{size:A4;margin:20mm 18mm 22mm}
body{font-size:10.5pt;line-height:1.35}
header,main,footer{max-width:none;padding:0}
h1{font-size:20pt}
h2{font-size:15pt}
h3{font-size:12pt}
h4{font-size:10.5pt}
h1,h2,h3,h4,caption,.callout-title{break-after:avoid}
table{font-size:9pt}
caption,.callout-title{font-size:10.5pt}
thead{display:table-header-group}
tr,li,dl div{break-inside:avoid}
p{orphans:3;widows:3}
.scroll{overflow:visible}
.skip{display:none}
a{color:inherit}
.page-break{break-before:page}
.tag,tr.gap th,tr.gap td,.callout{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
)css";

}  // namespace answerable::render
