/** What a member is called: their name, else their address, else an id. */

import type { SegmentMember } from "@/api/types";

export const titleOf = ({ name, email, user_id, id }: SegmentMember): string => name || email || user_id || id;
