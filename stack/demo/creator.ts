/** The demo creator, over HTTP as any integrator: joins their own program as a test and reads what truly happened. */
import type { DemoStack } from './stack.ts';

export interface TimelineLine {
  kind: string;
  stepKey: string | null;
  localTime: string;
}

export interface SimulatedLine {
  from: 'program' | 'coachee' | 'event';
  stepKey: string | null;
  text: string;
}

export interface Simulated {
  transcript: SimulatedLine[];
  reached: string[];
  status: string;
  outcome: string | null;
}

export interface EnrollmentView {
  id: string;
  status: string;
  outcome: string | null;
  isTest: boolean;
  stepKey: string | null;
}

export interface Creator {
  programId: (title: string) => Promise<string>;
  joinCode: (programId: string, msPerDay: number) => Promise<string>;
  simulate: (programId: string, persona: object) => Promise<Simulated>;
  /** The newest enrollment of the coachee of that name. */
  enrollmentOf: (coacheeName: string) => Promise<EnrollmentView>;
  timeline: (enrollmentId: string) => Promise<TimelineLine[]>;
  deliveries: (enrollmentId: string) => Promise<{ status: string }[]>;
}

/** Signs in with the seeded account. Throws what the API answered when that fails. */
export const signInAsCreator = async ({ apiUrl, email, password }: DemoStack): Promise<Creator> => {
  const { access_token } = await call<{ access_token: string }>(apiUrl, '/oauth/token', null, {
    grant_type: 'password',
    username: email,
    password,
  });
  const get = <T>(path: string) => call<T>(apiUrl, path, access_token);
  const post = <T>(path: string, body: object) => call<T>(apiUrl, path, access_token, body);
  const all = async <T>(path: string): Promise<T[]> => {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: T[]; nextCursor: string | null } = await get(`${path}&limit=100${more}`);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  };
  return {
    programId: async (title) => {
      const programs = await all<{ id: string; title: string }>('/v1/programs?');
      const found = programs.find((program) => program.title === title);
      if (!found) throw new Error(`The demo creator has no program “${title}”`);
      return found.id;
    },
    joinCode: async (programId, testMsPerDay) =>
      (await post<{ code: string }>(`/v1/programs/${programId}/join-codes`, { testMsPerDay })).code,
    simulate: async (programId, persona) => {
      const path = `/v1/programs/${programId}/simulate`;
      const [simulated] = (await post<{ simulations: Simulated[] }>(path, { personas: [persona] })).simulations;
      if (!simulated) throw new Error('The simulation gave nothing');
      return simulated;
    },
    enrollmentOf: async (name) => {
      const coachees = await all<{ id: string; name: string }>('/v1/coachees?includeTests=true');
      const coachee = coachees.find((one) => one.name === name);
      const [enrollment] = coachee
        ? await all<EnrollmentView>(`/v1/enrollments?includeTests=true&coacheeId=${coachee.id}`)
        : [];
      if (!enrollment) throw new Error(`${name} has no enrollment`);
      return enrollment;
    },
    timeline: (enrollmentId) => all<TimelineLine>(`/v1/enrollments/${enrollmentId}/timeline?`),
    deliveries: (enrollmentId) => all<{ status: string }>(`/v1/deliveries?enrollmentId=${enrollmentId}`),
  };
};

/** POSTs where there is a body, else GETs. Throws with the problem's own words. */
export const call = async <T>(apiUrl: string, path: string, token: string | null, body?: object): Promise<T> => {
  const response = await fetch(`${apiUrl}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
};
