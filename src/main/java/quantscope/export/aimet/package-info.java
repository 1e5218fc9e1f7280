/** Writing encodings as Qualcomm's AIMET has them. It may use export, ptq, graph and quant. */
package quantscope.export.aimet;
