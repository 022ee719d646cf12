/** Who the seed makes; their passwords are generated into `.cairn/secrets.json`. */
export const DEMO_EMAIL = 'demo@cairn.example';
export const OPS_EMAIL = 'ops@cairn.example';
