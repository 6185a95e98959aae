/** Whether this process should get traffic. `details` names what is wrong, or what an operator should know. */
export type Readiness = { ready: boolean; details: Record<string, string> };
