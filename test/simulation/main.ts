import { allDefects } from './defects/all-defects.ts';
import { brokenWords, summaryWords, tellSeed, unmet } from './report.ts';
import { runSeeds, seedsToCatch } from './run-seeds.ts';
import { shapeNamed, shapes } from './shapes.ts';

/**
 * Long runs by hand, from variables of the environment: SEEDS of each shape from FIRST on, or one SEED in words, or how
 * many seeds every planted defect takes with DEFECTS=all. SHAPE names one shape.
 */
function main({ SEEDS, SEED, FIRST, SHAPE, DEFECTS }: NodeJS.ProcessEnv): void {
  const chosen = SHAPE ? [shapeNamed(SHAPE)] : shapes;
  if (DEFECTS) catchDefects();
  else if (SEED)
    for (const shape of chosen) console.log(`${shape.name}, seed ${SEED}\n${tellSeed(shape, Number(SEED))}`);
  else for (const shape of chosen) runLong(shape.name, Number(FIRST || 1), Number(SEEDS || 1000));
}

function runLong(name: string, first: number, seeds: number): void {
  const summary = runSeeds(shapeNamed(name), first, seeds);
  console.log(summaryWords(summary));
  for (const situation of unmet(summary)) console.log(`  never met: ${situation}`);
  if (summary.broken === undefined) return;
  console.log(brokenWords(summary));
  process.exitCode = 1;
}

function catchDefects(): void {
  for (const defect of allDefects) {
    const seeds = seedsToCatch(defect, shapeNamed(defect.shape));
    if (seeds === undefined) process.exitCode = 1;
    console.log(`${String(seeds ?? 'not found').padStart(9)}  ${defect.shape}  ${defect.what}`);
  }
}

main(process.env);
