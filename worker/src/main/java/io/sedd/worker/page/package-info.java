/** What the live page shows: the worker as it is, and what changes, as JSON. No HTTP, no HTML. */
package io.sedd.worker.page;
