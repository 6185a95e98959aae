import { findRequestedModel } from '../models/requested-model.ts';
import type { InputIssue } from './input-issue.ts';
import { inputIssues } from './input-rules.ts';
import type { ModelCatalogue } from '../models/model-catalogue.ts';
import { modelIssues } from '../models/model-limits.ts';
import { stringIssues } from './request-strings.ts';
import type { TaskRequest } from './request.ts';

/** References to `exemptOrigins` (as `URL.origin` spells them) may have private addresses. */
export type RequestRules = { catalogue: ModelCatalogue; exemptOrigins: readonly string[] };

export function checkRequest(request: TaskRequest, rules: RequestRules): { issues: InputIssue[]; warnings: string[] } {
  const { requested, warnings } = findRequestedModel(request, rules.catalogue);
  const issues = [...stringIssues(request, rules.exemptOrigins), ...inputIssues(request)];
  // A value that is wrong already needs no second issue from the model.
  const judged = new Set(issues.map((issue) => issue.path.join('.')));
  const ofModel = modelIssues(request, requested).filter((issue) => !judged.has(issue.path.join('.')));
  return { issues: [...issues, ...ofModel], warnings };
}
