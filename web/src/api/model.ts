// SPDX-License-Identifier: Apache-2.0
// The shapes that staff read, from the server's own OpenAPI.
import type { components } from "./schema";

type Schemas = components["schemas"];

type OfCentre = Omit<Schemas["Operations"], keyof Schemas["Unit"]>;

/** A report as a unit sees it, with what only the operations centre is shown. */
export type StaffReport = Schemas["Unit"] & Partial<OfCentre>;
export type StaffTask = Schemas["Task"];
export type StaffTimelineItem = Schemas["TimelineItem"];
export type StaffDeadline = Schemas["Deadline"];
export type StaffInboxItem = Schemas["InboxItem"];
export type Trace = Schemas["Trace"];
export type TraceStep = Schemas["TraceStep"];
export type Trial = Schemas["Trial"];
export type Template = Schemas["Template"];
export type ThreadItem = Schemas["ThreadItem"];
export type Note = Schemas["Note"];
export type Me = Schemas["MeOutputBody"];
export type Contact = Schemas["ContactOutputBody"];
export type PackVersion = Schemas["PackBody"];
export type PackDetail = Schemas["PackDetail"];
export type PackWorkflow = Schemas["Workflow"];
