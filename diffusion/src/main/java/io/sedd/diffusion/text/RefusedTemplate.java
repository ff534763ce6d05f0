package io.sedd.diffusion.text;

import io.sedd.protocol.job.JobError;

/**
 * A template that this checkpoint cannot take.
 *
 * @param error what is wrong, and where
 */
public record RefusedTemplate(JobError error) implements TemplateEncoding {}
