/** Reading JSON that somebody else wrote. */
package io.sedd.protocol.json;
