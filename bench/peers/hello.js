// What starting and ending costs.
"use strict";

console.log(Number(process.argv[2]));
