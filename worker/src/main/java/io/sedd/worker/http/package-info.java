/** Health and metrics over HTTP, on Vert.x core alone. */
package io.sedd.worker.http;
