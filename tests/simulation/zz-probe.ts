import { configurationFrom, policyDocuments } from '#runtime/desk-setup.ts';
import { modules } from '#modules/index.ts';
import { runUntil } from '#engine/loop.ts';
import { openDeskRun } from '../support/desk-run.ts';
import { randomBars } from '../support/random-bars.ts';
const env = JSON.parse(process.argv[2] ?? '{}');
const lenient={windowDays:1,minimumTrades:0,calmarMinimum:-100,pnlMinimum:-1e9,requiredConsecutive:1,floorMode:process.argv[3]??'repaired',backtestIntervalSeconds:300,missLimit:1000};
const policies = policyDocuments(configurationFrom(env), 'fx').map(p=>p.key==='rolling-evaluator/fx'?{key:p.key,document:{...p.document,...lenient}}:p);
const startAt = Date.UTC(2026,0,12,22,5);
const n=3000;
const series=[randomBars({symbol:'EUR_USD',from:110000,startAt,bars:n,seed:5,step:12,missing:0.01}),randomBars({symbol:'USD_JPY',from:150000,startAt,bars:n,seed:5,step:14,missing:0.01})];
const t=performance.now();
const run=openDeskRun({modules,policies,series});
runUntil(run.loop,startAt+n*60000+30000);
const c={};
for(const e of run.events){const k=e.type==='module.decided'?`decided ${e.module}/${e.slot} ${e.outcome}`:e.type==='order.denied'?`denied ${e.code}`:e.type;c[k]=(c[k]??0)+1}
console.log(c,Math.round(performance.now()-t),'ms');
const g=run.events.filter(e=>e.type==='gates.published').at(-1);console.log(g.document.gates,g.document.reasons);const w=run.events.filter(e=>e.type==='weights.published').at(-1);console.log(w.document);const last={};for(const e of run.events)if(e.type==='module.decided')last[e.module+'/'+e.slot]=JSON.stringify(e.entries).slice(0,200)+e.reason;console.log(last);
